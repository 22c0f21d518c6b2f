import fc from 'fast-check';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';
import { hostileJson, hostileJsonText, hostileStrings } from '#tests/support/hostile-json.ts';
import type { RawRequest } from './raw-client.ts';
import { identify, type Route } from './routes.ts';

/** What is done to a valid request; what is undefined is left as it was. */
export interface Hostility {
  readonly method: string | undefined;
  /** Stands for each path parameter. */
  readonly segment: string | undefined;
  /** Goes behind the path. */
  readonly suffix: string;
  /** Given to each declared parameter of the query. */
  readonly parameter: string | undefined;
  /** Goes behind the query. */
  readonly query: string | undefined;
  /** Value of each of the body's fields. */
  readonly field: unknown;
  /** Stands for the whole body. */
  readonly body: Uint8Array | string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly identified: boolean;
}

/** A request to a route, as hostile as told, with the route's key or signature where the hostility leaves it. */
export async function hostileRequest(route: Route, hostility: Hostility): Promise<RawRequest> {
  const { valid } = route;
  const { method = valid.method, headers } = hostility;
  const replaced = new Set(headers.map(([name]) => name.toLowerCase()));
  const kept = valid.headers.filter(([name]) => !replaced.has(name));
  const request = {
    method,
    target: targetOf(route, hostility),
    headers: [...kept, ...headers],
    body: bodyOf(route, hostility),
  };
  return hostility.identified ? identify(route, request) : request;
}

function targetOf(route: Route, { segment, suffix, parameter, query }: Hostility): string {
  const { operation, valid, queryNames, bodyNames } = route;
  const [path = ''] = valid.target.split('?', 1);
  const places = Object.values(operation.examples[0]?.pathParameters ?? {});
  let filled = path;
  if (segment !== undefined) {
    filled = places.reduce((text, value) => text.replace(value, () => segment), path);
    // Where nothing is declared, there is no other way to be wrong.
    if (places.length + queryNames.length + bodyNames.length === 0) filled = `${path}/${segment}`;
  }
  const named = parameter === undefined ? [] : queryNames.map((name) => `${name}=${parameter}`);
  const parts = [...named, ...(query === undefined ? [] : [query])];
  return `${filled}${suffix}${parts.length > 0 ? '?' : ''}${parts.join('&')}`;
}

function bodyOf({ valid, bodyNames }: Route, { field, body }: Hostility): Buffer {
  if (body !== undefined) return Buffer.from(body);
  if (field === undefined || bodyNames.length === 0) return valid.body;
  return Buffer.from(JSON.stringify(Object.fromEntries(bodyNames.map((name) => [name, field]))));
}

const latin1 = fc.string({ unit: 'binary-ascii', maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, 'ÿ'));
const withoutBlanks = latin1.map((text) => text.replaceAll(' ', '\u00a0'));
const escaped = fc
  .oneof(fc.constantFrom(...hostileStrings.filter((text) => text.length < 1000)), fc.string({ unit: anyCharacter }))
  .map((text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'));

const headers = fc.oneof(
  fc.constantFrom<[string, string]>(
    ['content-type', 'text/plain'],
    ['content-type', 'application/xml; charset=utf-16'],
    ['content-type', '__proto__'],
    ['content-type', ';;;=,'],
    ['content-type', ''],
    ['content-encoding', 'gzip'],
    ['accept', 'image/png'],
    ['accept', '$default'],
    ['x-api-key', '__proto__'],
    ['x-api-key', 'é'.repeat(200)],
    ['authorization', 'AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature='],
    ['authorization', 'Bearer $input.body'],
    ['x-amz-date', '99999999T999999Z'],
    ['x-amz-security-token', 'x'],
    ['x-amzn-trace-id', 'Root=1-00000000-\u0001'],
    ['x-correlation-id', '#set($x = "")${x}'],
    ['x-forwarded-for', '::1, \u00ff'],
    ['x-http-method-override', 'DELETE'],
    ['cookie', 'a=b; __proto__=c; =; ;;'],
    ['origin', 'https://\u00ff'],
    ['range', 'bytes=0-99999999999'],
    ['expect', '100-continue'],
    ['host', 'evil.example'],
    ['host', ''],
    ['__proto__', 'polluted'],
    ['constructor', '{}'],
    ['upgrade', 'websocket'],
  ),
  fc.tuple(fc.stringMatching(/^[a-z][a-z-]{0,20}$/), latin1),
);

const sometimes = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
const seldom = <T>(of: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: of });

/** Requests that are wrong in one or several ways; most are right enough to come far. */
export const hostilities: fc.Arbitrary<Hostility> = fc.record({
  method: seldom(
    fc.constantFrom(
      'GET',
      'POST',
      'PUT',
      'HEAD',
      'OPTIONS',
      'DELETE',
      'TRACE',
      'PROPFIND',
      'CONNECT',
      'get',
      'F\u00ff',
    ),
  ),
  segment: sometimes(fc.oneof(escaped, withoutBlanks, fc.constantFrom('%', '%zz', '%C3%28', '..', '%2e%2e', '{id}'))),
  suffix: seldom(
    fc.constantFrom(
      '/',
      '//',
      '/..',
      '/%2e%2e',
      '/nope',
      '%',
      '%00',
      ';a=b',
      '/__proto__',
      '/{proxy+}',
      '\u00ff',
      '\\',
    ),
  ).map((suffix): string => suffix ?? ''),
  parameter: sometimes(
    fc.oneof(
      escaped,
      withoutBlanks,
      fc.constantFrom('0', '-1', '1e309', '9'.repeat(400), '2021-02-30', 'eyJfX3Byb3RvX18iOnt9fQ', '&='),
    ),
  ),
  query: sometimes(
    fc.oneof(
      withoutBlanks,
      fc.constantFrom('%', 'a=%', '%E0%A4=1', '__proto__=1&constructor=2', 'a[]=1&a[x]=2', 'a&'.repeat(300), '?', '=='),
    ),
  ),
  field: sometimes(hostileJson),
  body: seldom(fc.oneof(hostileJsonText, fc.uint8Array({ maxLength: 64 }))),
  headers: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(headers, { maxLength: 4 }) },
  ),
  identified: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});
