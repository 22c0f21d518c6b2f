import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ControlClient } from '#local/control/client.ts';
import type { Probe, ProbeAnswer } from '#operator/switch/preflight/answering-environment.ts';

const LONGEST_ANSWER_MILLISECONDS = 10_000;

/** Asks the hosts that the local runtime serves, each where it serves it, on connections of their own. */
export function localProbe(control: Pick<ControlClient, 'live' | 'status' | 'summary'>): Probe {
  return async ({ host, address = host, path, signal }) => {
    const origin = (await originsOf(control)).get(address);
    if (origin === undefined) throw new Error(`${address} does not resolve`);
    const timeout = AbortSignal.timeout(LONGEST_ANSWER_MILLISECONDS);
    return get(`${origin}${path}`, host, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
  };
}

/** Host → URL of the gateway or entry that serves it. */
async function originsOf(
  control: Pick<ControlClient, 'live' | 'status' | 'summary'>,
): Promise<ReadonlyMap<string, string>> {
  const [{ regions }, { entries }, summary] = await Promise.all([control.live(), control.status(), control.summary()]);
  const regional = (['primary', 'secondary'] as const).flatMap((type) => {
    const { region, apis, names } = regions[type];
    const hosts = [
      ...apis.filter(({ kind }) => kind === 'rest').map(({ id }) => `${id}.execute-api.${region}.amazonaws.com`),
      ...names.filter(({ kind }) => kind === 'rest').map(({ regionalHost }) => regionalHost),
    ];
    return hosts.map((host): [string, string] => [host, summary.regions[type].url]);
  });
  return new Map([...regional, ...entries.map(({ name, url }): [string, string] => [name, url])]);
}

function get(url: string, host: string, signal: AbortSignal): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers: { host }, signal });
    asked.once('error', reject);
    asked.once('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.end();
  });
}
