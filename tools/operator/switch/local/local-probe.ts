import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ControlClient } from '#local/control/client.ts';
import type { Probe, ProbeResponse } from '#operator/switch/preflight/answering-environment.ts';

const LONGEST_ANSWER_MILLISECONDS = 10_000;

/** Asks the hosts that the local runtime serves, each where it serves it, on connections of their own. */
export function localProbe(control: Pick<ControlClient, 'regions'>): Probe {
  return async ({ host, address = host, path, signal }) => {
    const origin = (await originsOf(control)).get(address);
    if (origin === undefined) throw new Error(`${address} does not resolve`);
    const timeout = AbortSignal.timeout(LONGEST_ANSWER_MILLISECONDS);
    return get(`${origin}${path}`, host, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
  };
}

/** Host → URL of the gateway or entry that serves it. */
async function originsOf(control: Pick<ControlClient, 'regions'>): Promise<ReadonlyMap<string, string>> {
  const { regions, publicNames } = await control.regions();
  const regional = (['primary', 'secondary'] as const).flatMap((type) => {
    const { region, apis, names } = regions[type];
    return apis
      .filter(({ kind }) => kind === 'rest')
      .flatMap(({ kind, id, url }) => {
        const own = names.filter((name) => name.kind === kind).map(({ regionalHost }) => regionalHost);
        return [`${id}.execute-api.${region}.amazonaws.com`, ...own].map((host): [string, string] => [host, url]);
      });
  });
  return new Map([...regional, ...publicNames.map(({ name, url }): [string, string] => [name, url])]);
}

function get(url: string, host: string, signal: AbortSignal): Promise<ProbeResponse> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers: { host }, signal });
    asked.once('error', reject);
    asked.once('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.end();
  });
}
