import type { ClientRequest } from '#local/http/client-request.ts';
import { lowerCaseName } from '#local/http/raw-headers.ts';
import type { HttpResponse } from '#local/http/response.ts';
import type { HttpCors } from '#local/model/api-model.ts';

/** What CORS looks at. */
type CorsRequest = Pick<ClientRequest, 'headers' | 'method'>;

/** Gives a response the API's CORS headers, none where the origin isn't one of the API's, and takes away the function's. */
export type ApplyCors = (response: HttpResponse, request: CorsRequest) => HttpResponse;

/** Whether a browser asks if it may send a request. Source: Fetch Standard, "CORS-preflight request". */
export function isPreflight({ method, headers }: CorsRequest): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers;
}

/**
 * Compiles an API's CORS configuration.
 *
 * Source: Amazon API Gateway Developer Guide, "Configure CORS for HTTP APIs in API Gateway".
 */
export function compileCors(cors: HttpCors): ApplyCors {
  const allows = compileOrigins(cors.allowOrigins);
  const allowsAll = cors.allowOrigins.includes('*');
  const shared = cors.allowCredentials ? ['access-control-allow-credentials', 'true'] : [];
  const forPreflight = [
    ...list('access-control-allow-methods', cors.allowMethods),
    ...list('access-control-allow-headers', cors.allowHeaders),
    ...(cors.maxAgeSeconds === undefined ? [] : ['access-control-max-age', String(cors.maxAgeSeconds)]),
  ];
  const forResponse = list('access-control-expose-headers', cors.exposeHeaders);
  const headersFor = (origin: string | undefined, further: readonly string[]): readonly string[] => {
    if (origin === undefined || !allows(origin)) return [];
    return ['access-control-allow-origin', allowsAll ? '*' : origin, ...shared, ...further];
  };
  return (response, request) => {
    const further = isPreflight(request) ? forPreflight : forResponse;
    return { ...response, headers: [...withoutCors(response.headers), ...headersFor(request.headers.origin, further)] };
  };
}

/** Origins as browsers send them; `https://*` stands for any of that scheme. */
function compileOrigins(allowed: readonly string[]): (origin: string) => boolean {
  const exact = new Set(allowed.map((origin) => origin.toLowerCase()));
  const schemes = ['http://', 'https://'].filter((scheme) => exact.has(`${scheme}*`));
  return (origin) => {
    const lower = origin.toLowerCase();
    return exact.has('*') || exact.has(lower) || schemes.some((scheme) => lower.startsWith(scheme));
  };
}

function list(name: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [name, values.join(',')];
}

function withoutCors(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (!lowerCaseName(name).startsWith('access-control-')) kept.push(name, headers[at + 1] ?? '');
  }
  return kept;
}
