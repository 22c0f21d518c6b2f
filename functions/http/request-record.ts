import { EDGE_HEADER } from '#contract/edge-pattern.ts';
import type { RecordedParts } from '#contract/replay.ts';

/**
 * Marks the requests of a replay, which are not recorded again; its value tells one replay from another. Behind mapping templates no header reaches a
 * function on AWS: there they are, and fall together with those that they repeat.
 */
export const REPLAY_HEADER = 'x-two-region-replay';

/** A request that can be sent once more, by somebody else's right. */
export interface RequestRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly operation: string;
  /** That served it. */
  readonly environment: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: unknown;
  /** Of the response. */
  readonly status: number;
  /** Names of what was sent and is not here, being secret or too long. */
  readonly withheld: readonly string[];
}

/** What is recorded of, as far as it is known by the one who records. */
export interface SeenRequest {
  readonly environment: string;
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** @param name - in lower case */
  readonly header: (name: string) => string | undefined;
  /** JSON; whatever it throws, there is no body to record. */
  readonly body: () => unknown;
  readonly status: number;
}

/** Never recorded, whatever the contract declares: what callers identify themselves with. */
const CREDENTIALS = [
  ...['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-amz-security-token', 'x-api-key'],
  EDGE_HEADER,
];

/** Characters of a body's JSON: what is longer is no request to try things with. */
const LONGEST_BODY = 16_384;

/** In the place of a value inside a body. */
const WITHHELD = 'withheld';

/**
 * Records a request without what nobody may read: what the contract doesn't declare, credentials, and what `secrets` names, at any depth.
 *
 * @param secrets - names of parameters, headers and members; capitals do not count
 */
export function recordOf(parts: RecordedParts, seen: SeenRequest, secrets: readonly string[]): RequestRecord {
  const hidden = new Set([...CREDENTIALS, ...secrets.map((name) => name.toLowerCase())]);
  const withheld: string[] = [];
  const only = (names: readonly string[], sent: (name: string) => string | undefined): Record<string, string> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = sent(name);
        if (value === undefined) return [];
        if (!hidden.has(name.toLowerCase())) return [[name, value]];
        withheld.push(name);
        return [];
      }),
    );
  const path = only(parts.path, (name) => seen.path[name]);
  const query = only(parts.query, (name) => seen.query[name]);
  const headers = only(parts.headers, seen.header);
  const body = parts.body && bodyOf(parts.body, seen, hidden, withheld);
  return {
    time: Date.now(),
    operation: parts.operation,
    environment: seen.environment,
    ...{ path, query, headers, status: seen.status },
    ...(body !== undefined && { body }),
    withheld: [...new Set(withheld)],
  };
}

function bodyOf(
  members: readonly string[],
  seen: SeenRequest,
  hidden: ReadonlySet<string>,
  withheld: string[],
): unknown {
  try {
    const declared = declaredOf(members, seen.body());
    const open = without(declared, hidden, withheld);
    if (declared !== NOT_DECLARED && JSON.stringify(open ?? null).length <= LONGEST_BODY) return open;
  } catch {
    // No JSON, or nested too deeply to be gone through: the request itself has its response, and a record is none of its business.
  }
  withheld.push('body');
  return undefined;
}

const NOT_DECLARED = Symbol('not declared');

/** Of a body what the contract declares: of members that it names nothing in a list or a text is. */
function declaredOf(members: readonly string[], body: unknown): unknown {
  if (members.length === 0) return body;
  if (!isObject(body)) return NOT_DECLARED;
  return Object.fromEntries(Object.entries(body).filter(([name]) => members.includes(name)));
}

function without(value: unknown, hidden: ReadonlySet<string>, withheld: string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, hidden, withheld));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (!hidden.has(name.toLowerCase())) return [name, without(member, hidden, withheld)];
      withheld.push(name);
      return [name, WITHHELD];
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The environment variable `RECORDING` of a function, which has it where settings want its requests recorded. */
export interface RecordingVariable {
  /** Of its requests. */
  readonly percent: number;
  readonly secrets: readonly string[];
  /** `GET /user/{id}` → what is recorded of it; behind mapping templates by the method. */
  readonly routes: Readonly<Record<string, RecordedParts>>;
}

/**
 * Writes records of a function's requests into its log, a line each: CloudWatch Logs keeps them as long as the other lines, and nobody needs a right.
 *
 * @param variable - `RECORDING`. @default - nothing is recorded
 * @param draw - from 0 to 1
 */
export function recorderOf(
  variable: string | undefined,
  draw: () => number = Math.random,
): (route: string, seen: SeenRequest) => void {
  if (!variable) return () => undefined;
  const { percent, secrets, routes }: RecordingVariable = JSON.parse(variable);
  return (route, seen) => {
    const parts = routes[route];
    if (parts === undefined || draw() * 100 >= percent || seen.header(REPLAY_HEADER) !== undefined) return;
    console.log(JSON.stringify({ environment: seen.environment, recorded: recordOf(parts, seen, secrets) }));
  };
}
