import * as z from 'zod/mini';
import type { RegionType } from '#local/model/model.ts';
import { isAtLeast, LEVELS, type Level } from './level.ts';
import { readFields } from './read-fields.ts';
import type { RuntimeEvent } from './runtime-log.ts';

/** Which events are asked for: those that everything given here is true of. */
export interface EventQuery {
  /** @default - all of them */
  readonly kinds?: readonly RuntimeEvent['kind'][];
  /** Milliseconds since the epoch. @default 0 */
  readonly since?: number;
  /** @default - both, and events of neither */
  readonly region?: RegionType;
  readonly environment?: string;
  /** Name of a function, or what its name ends with after a hyphen: `user` for `two-region-api-dev-user`. */
  readonly function?: string;
  /** Of the gateway or of AWS Lambda: events with that id, and lines of functions with it as their correlation id. */
  readonly requestId?: string;
  /** Of X-Ray: `1-67891233-abcdef012345678912345678`, with or without `Root=`. */
  readonly traceId?: string;
  /** That, or above. */
  readonly level?: Level;
  /** `GET /user/{id}`: its access lines; with a function, that one's lines too. */
  readonly route?: string;
}

const KINDS = ['access', 'control', 'alarm', 'dns', 'entry', 'function', 'health', 'waf', 'warning'] as const;

const querySchema = z.object({
  kinds: z.optional(z.array(z.enum(KINDS, `kind is one of ${KINDS.join(', ')}.`))),
  since: z.optional(z.coerce.number('since is a time in milliseconds since the epoch.')),
  region: z.optional(z.enum(['primary', 'secondary'], 'region is primary or secondary.')),
  environment: z.optional(z.string()),
  function: z.optional(z.string()),
  requestId: z.optional(z.string()),
  traceId: z.optional(z.string()),
  level: z.optional(z.enum(LEVELS, `level is one of ${LEVELS.join(', ')}.`)),
  route: z.optional(z.string()),
});

/** Writes a query for `GET /events`. */
export function writeEventQuery({ kinds = [], ...rest }: EventQuery): URLSearchParams {
  const parameters = new URLSearchParams(kinds.map((kind): [string, string] => ['kind', kind]));
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) parameters.set(name, String(value));
  return parameters;
}

/** Reads the query of `GET /events`. */
export function readEventQuery(
  parameters: URLSearchParams,
): { readonly success: true; readonly data: EventQuery } | { readonly success: false; readonly message: string } {
  const kinds = parameters.getAll('kind');
  const parsed = querySchema.safeParse({ ...Object.fromEntries(parameters), ...(kinds.length > 0 && { kinds }) });
  if (parsed.success) return { success: true, data: parsed.data };
  return { success: false, message: parsed.error.issues.map(({ message }) => message).join(' ') };
}

/** Tells events that a query asks for from others. */
export function matcherOf(query: EventQuery): (event: RuntimeEvent) => boolean {
  const { since = 0, region, environment, function: functionName, requestId, route, level } = query;
  const traceId = query.traceId?.replace(/^Root=/i, '');
  const kinds = query.kinds && new Set(query.kinds);
  return (event) =>
    event.time >= since &&
    (kinds === undefined || kinds.has(event.kind)) &&
    (region === undefined || ('region' in event && event.region === region)) &&
    (environment === undefined || ('environment' in event && event.environment === environment)) &&
    (functionName === undefined || isOf(event, functionName) || (route !== undefined && isAsked(event, route))) &&
    (route === undefined || functionName !== undefined || isAsked(event, route)) &&
    (level === undefined || isAtLeast(event, level)) &&
    (requestId === undefined || isAbout(event, requestId)) &&
    (traceId === undefined || ('traceId' in event && event.traceId === traceId));
}

function isOf(event: RuntimeEvent, functionName: string): boolean {
  if (event.kind !== 'function') return false;
  const name = event.logGroup.slice(event.logGroup.lastIndexOf('/') + 1);
  return name === functionName || name.endsWith(`-${functionName}`);
}

function isAsked(event: RuntimeEvent, route: string): boolean {
  if (event.kind !== 'access') return false;
  const { routeKey, httpMethod, resourcePath } = readFields(event.line) ?? {};
  return routeKey === route || `${httpMethod} ${resourcePath}` === route;
}

function isAbout(event: RuntimeEvent, requestId: string): boolean {
  if (event.kind !== 'access' && event.kind !== 'function' && event.kind !== 'waf') return false;
  if (event.requestId === requestId) return true;
  // As Powertools for AWS Lambda writes it. Within a string of the line's JSON the quotes would be escaped.
  return event.kind === 'function' && event.line.includes(`"correlation_id":${JSON.stringify(requestId)}`);
}
