import type { RawRequest } from './raw-client.ts';
import { identify, type Route } from './routes.ts';

/** One mistake, made in a valid request of any route. */
export interface Mistake {
  readonly what: string;
  /** @returns undefined for a route that it cannot be made at */
  readonly make: (route: Route, valid: RawRequest) => RawRequest | Promise<RawRequest> | undefined;
  /** What it is answered with; all else that is allowed is any status below 500. */
  readonly status?: (route: Route) => number;
}

const MEGABYTE = 1024 * 1024;

const hasBody = ({ operation }: Route) => operation.request.body !== undefined;
const always = (status: number) => () => status;

/** The body replaced, where there is one; signed afterwards. */
function body(what: string, make: (valid: string) => Buffer | string, status?: Mistake['status']): Mistake {
  return {
    what,
    make: (route, valid) =>
      hasBody(route) ? identify(route, { ...valid, body: Buffer.from(make(valid.body.toString())) }) : undefined,
    ...(status && { status }),
  };
}

/** Each of the body's values replaced by a JSON text. */
function value(what: string, json: string, status?: Mistake['status']): Mistake {
  return body(what, (valid) => valid.replace(/(?<=":)"[^"]*"/g, () => json), status);
}

function target(what: string, change: (path: string) => string, status?: Mistake['status']): Mistake {
  return {
    what,
    make: (route, valid) => {
      const [path = '', query] = valid.target.split('?', 2);
      return identify(route, { ...valid, target: change(path) + (query === undefined ? '' : `?${query}`) });
    },
    ...(status && { status }),
  };
}

function header(what: string, name: string, text: string, status?: Mistake['status']): Mistake {
  return {
    what,
    make: (route, valid) => {
      const headers = valid.headers.filter(([each]) => each !== name);
      return identify(route, { ...valid, headers: [...headers, [name, text]] });
    },
    ...(status && { status }),
  };
}

/** Of gateways alone: only they have stages. */
function atGateways(mistake: Mistake): Mistake {
  return {
    ...mistake,
    make: (route, valid) => (valid.target.startsWith('/envA/') ? mistake.make(route, valid) : undefined),
  };
}

const unsigned = (what: string, headers: RawRequest['headers']): Mistake => ({
  what,
  make: (route, valid) =>
    route.operation.auth === 'open' ? undefined : { ...valid, headers: [...valid.headers, ...headers] },
  status: always(403),
});

const contentType = (what: string, text: string): Mistake => ({
  ...header(what, 'content-type', text),
  make: (route, valid) => (hasBody(route) ? header(what, 'content-type', text).make(route, valid) : undefined),
  // Mapping templates are chosen by content type; a proxy integration leaves it to the function.
  status: ({ operation }) => (operation.integration === 'template' ? 415 : 400),
});

/** Mistakes that clients make, by accident or not. */
export const mistakes: readonly Mistake[] = [
  unsigned('no key and no signature', []),
  unsigned('a key that is none', [['x-api-key', '__proto__']]),
  unsigned('a signature that is none', [['authorization', 'AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=']]),
  target('an unknown route', (path) => `${path}/nope/nope`, always(404)),
  atGateways(
    target(
      'an unknown stage',
      (path) => path.replace('envA', '__proto__'),
      ({ operation }) => (operation.api === 'rest' ? 403 : 404),
    ),
  ),
  target('a path that climbs', (path) => `${path}/%2e%2e/%2e%2e/%2e%2e/etc/passwd`, always(404)),
  target('a percent sign that escapes nothing', (path) => `${path}%`, always(400)),
  target('bytes that are not UTF-8', (path) => `${path}%C3%28`, always(400)),
  target('a NUL', (path) => `${path}%00`),
  target('a target of 11,000 bytes', (path) => `${path}?${'a'.repeat(11_000)}`, always(414)),
  {
    what: 'an unknown method',
    make: (route, valid) => identify(route, { ...valid, method: 'PROPFIND' }),
    status: always(404),
  },
  header('headers of 11,000 bytes', 'x-large', 'x'.repeat(11_000), always(431)),
  header('headers beyond what a parser reads', 'x-large', 'x'.repeat(100_000), always(431)),
  header('a NUL in a header', 'x-nul', '\0', always(400)),
  header('a body that is said to be compressed', 'content-encoding', 'gzip'),
  contentType('a body of no type', ''),
  contentType('a body that is text', 'text/plain'),
  contentType('a body of a type that is none', '__proto__'),
  body('no body', () => '', always(400)),
  body('half of a JSON text', (valid) => valid.slice(0, -1), always(400)),
  body('no object', () => '[]', always(400)),
  body('null', () => 'null', always(400)),
  body('bytes that are not UTF-8 and not JSON', () => Buffer.from([0xff, 0xfe, 0x00, 0x7b]), always(400)),
  body('UTF-16', (valid) => Buffer.from(valid, 'utf16le'), always(400)),
  body('100,000 brackets that open', () => '['.repeat(100_000), always(400)),
  body('100,000 brackets that close, too', () => '['.repeat(100_000) + ']'.repeat(100_000), always(400)),
  body('a key 100,000 deep', () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, always(400)),
  body(
    'fields of the prototype',
    () => '{"__proto__":{"name":"x","content":"x"},"constructor":{"name":"x"}}',
    always(400),
  ),
  body('the same key twice', (valid) => valid.replace('{', '{"name":1,"content":1,"date":1,')),
  body('10,000 keys', () => `{${Array.from({ length: 10_000 }, (_, at) => `"k${at}":${at}`)}}`, always(400)),
  body('11 MB', () => Buffer.alloc(11 * MEGABYTE, 'x'), always(413)),
  value('a number', '1', always(400)),
  value('a number beyond all numbers', '1e999', always(400)),
  value('a number of 400 digits', '9'.repeat(400), always(400)),
  value('null for a value', 'null', always(400)),
  value('a list', '["x"]', always(400)),
  value('an object', '{"toString":1}', always(400)),
  value('half of a surrogate pair', '"\\ud800"'),
  value('a NUL for a value', '"\\u0000"'),
  value('a template', '"$input.path(\\"$\\") #set($x = $util.parseJson(\\"{\\")) ${context.stage}"'),
  value('a value with quotes and line breaks', '"\\"}\\n,\\"stage\\":\\"envB\\",\\"x\\":\\"\\\\"'),
];
