import { signed } from '#tests/tools/local/gateway/http/support/sign.ts';
import type { RunningStage } from '#tests/tools/local/support/running-stage.ts';
import type { Client } from '#tests/tools/operator/switch/local/traffic.ts';

type Summary = Pick<RunningStage['summary'], 'apiKey' | 'entry' | 'httpEntry' | 'invoker'>;

export const USER = '/user/a1B2c3D4e5';
export const ORIGIN = 'https://app.example.com';

const portOf = (url: string | undefined) => Number(new URL(url ?? '').port);
const request = (method: string, target: string, headers: Readonly<Record<string, string>> = {}, body = '') => ({
  method,
  target,
  headers: Object.entries({ host: 'localhost', ...headers }),
  body: Buffer.from(body),
});
export const json = { 'content-type': 'application/json' };

/** What both contracts serve, at the public names. */
export async function publicClients(summary: Summary): Promise<Client[]> {
  const { entry, httpEntry, apiKey } = summary;
  const [rest, http] = [portOf(entry), portOf(httpEntry)];
  const key = { 'x-api-key': apiKey };
  const preflight = { origin: ORIGIN, 'access-control-request-method': 'GET' };
  return [
    { port: rest, request: request('GET', '/test', key), tellsEnvironment: true },
    { port: rest, request: request('GET', USER), tellsEnvironment: false },
    { port: rest, request: request('POST', USER, json, '{"name":"Ada"}'), tellsEnvironment: false },
    {
      port: rest,
      request: request('POST', '/string/replace', { ...key, ...json }, '{"content":"one"}'),
      tellsEnvironment: false,
    },
    { port: http, request: request('OPTIONS', '/events', preflight), tellsEnvironment: false },
    { port: rest, request: request('GET', '/healthcheck?shallow'), tellsEnvironment: true },
    await signedClient(summary, httpEntry ?? '', 'GET'),
  ];
}

const EVENT = JSON.stringify({
  date: '2021-08-28',
  time: '14:19:00.000',
  userId: 'a1B2c3D4e5',
  eventType: 'login',
});

/** `GET` or `POST /events`, signed. @param base - URL of the HTTP API */
export async function signedClient(summary: Summary, base: string, method: 'GET' | 'POST'): Promise<Client> {
  const url = new URL(base);
  const path = `${url.pathname.replace(/\/$/, '')}/events`;
  const body = method === 'POST' ? EVENT : undefined;
  const toSign = { method, path, host: url.host, region: 'eu-central-1', ...(body !== undefined && { body }) };
  const [target, { headers = {} }] = await signed(summary.invoker, toSign);
  const raw = {
    method,
    target,
    headers: Object.entries({ ...headers }).map(([k, v]) => [k, String(v)] as const),
    body: Buffer.from(body ?? ''),
  };
  return { port: Number(url.port), request: raw, tellsEnvironment: false };
}
