import { HEALTH_ROUTES } from './health-routes.ts';
import { fieldsOf } from './json-schema.ts';
import type { Operation } from './operation.ts';
import { writesOf } from './writes.ts';

/**
 * Where a recorded request may be sent once more: to an environment that works on live data; to `preview` alone, which has data of its own;
 * or nowhere, for a reason.
 */
export type ReplayWay = { readonly to: 'live' | 'preview' } | { readonly to: 'nowhere'; readonly reason: string };

/** Decides by what the contract says of an operation, and where it says nothing by what its function may do. */
export function replayWay(operation: Operation): ReplayWay {
  const writes = writesOf(operation);
  const { isSafe = operation.method === 'GET' && writes.length === 0 } = operation.replay ?? {};
  if (isSafe) return { to: 'live' };
  if (writes.length === 0) return { to: 'nowhere', reason: 'the contract does not mark it as safe: replay.isSafe' };
  const own = Object.keys(operation.access).filter((variable) => variable.startsWith(OWN));
  const shared = writes.filter(({ variable }) => !variable.startsWith(OWN) && !own.includes(`${OWN}${variable}`));
  if (shared.length === 0) return { to: 'preview' };
  const names = [...new Set(shared.map(({ variable }) => variable))].join(', ');
  return { to: 'nowhere', reason: `it writes to what preview has no own of: ${names}` };
}

/** Variables that name what belongs to the environment `preview`. */
const OWN = 'PREVIEW_';

/** What of an operation's requests is recorded, by name: whatever a client sends beside it is not. */
export interface RecordedParts {
  /** Of the contract. */
  readonly operation: string;
  readonly path: readonly string[];
  readonly query: readonly string[];
  /** In lower case. */
  readonly headers: readonly string[];
  /** Members of its JSON; an empty list: all of it. @default - it takes none */
  readonly body?: readonly string[];
}

/**
 * What of an operation's requests may be recorded: what the contract declares, by name.
 *
 * @returns `undefined` for what is never recorded: health routes, which no client asks, and bodies that are not JSON
 */
export function recordedParts(operation: Operation): RecordedParts | undefined {
  const { id, request } = operation;
  if (Object.values(HEALTH_ROUTES).some((health) => health.id === id) || request.mediaType !== undefined)
    return undefined;
  const names = (schema: Parameters<typeof fieldsOf>[0]) => fieldsOf(schema).map(({ name }) => name);
  return {
    operation: id,
    path: names(request.pathParameters),
    query: names(request.query),
    headers: names(request.headers).map((name) => name.toLowerCase()),
    ...(request.body !== undefined && { body: names(request.body) }),
  };
}

/** How the handler of an operation knows it: by its route, behind mapping templates by its method. */
export function handlerKey({ integration, method, path }: Pick<Operation, 'integration' | 'method' | 'path'>): string {
  return integration === 'template' ? method : `${method} ${path}`;
}
