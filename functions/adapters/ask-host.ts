import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HostResponse {
  readonly status: number;
  /** Of those that came twice the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AskOptions {
  /** Milliseconds until the response must be there, connecting included. */
  readonly timeoutMs: number;
  /**
   * Host → URL of what stands in for it: `{"api.example.com": "http://127.0.0.1:3000"}`. On a laptop names have no servers, so the local runtime
   * sets the variable `HOST_ENDPOINTS`; on AWS there is none. @default - DNS knows
   */
  readonly endpoints?: string | undefined;
  /** @default 'GET' */
  readonly method?: string;
  /** Beside the host. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly body?: string;
}

/** Asks a URL on a connection of its own: one that is kept alive would stay where it is. */
export function askHost(url: string, options: AskOptions): Promise<HostResponse> {
  const { timeoutMs, endpoints = '{}', method = 'GET', headers, body: sent } = options;
  const { host, pathname, search } = new URL(url);
  const instead: unknown = Reflect.get(Object(JSON.parse(endpoints)), host);
  const target = new URL(`${pathname}${search}`, typeof instead === 'string' ? instead : url);
  const send = target.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = send(target, { agent: false, method, headers: { ...headers, host }, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.once('error', reject);
      response.once('end', () => {
        const first = Object.entries(response.headersDistinct).map(([name, [value = ''] = []]) => [name, value]);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(first), body });
      });
    });
    request.once('error', reject);
    request.end(sent);
  });
}
