import { safeParse } from 'zod/v4/core';
import type { RequestParts } from '#client/plain-request.ts';
import { HEALTH_ROUTES } from '#contract/health-routes.ts';
import type { Operation, OperationExample } from '#contract/operation.ts';
import { type UniqueRequests, uniqueRequests } from './unique-request.ts';

/** Something that is written and read back again. */
export interface Journey {
  readonly write: Operation;
  readonly read: Operation;
  /** What a write is acknowledged with. */
  readonly status: number;
  /** Whether the path names what is written: it can be written again, and be read by itself. Otherwise it is found in a list. */
  readonly isNamed: boolean;
  readonly requests: UniqueRequests;
  /** What the reader is asked with for an item; of a list, of all of them. */
  readonly readParts: (item: number) => RequestParts;
}

/** A request that is only looked at for whether it is served. */
export interface Call {
  readonly operation: Operation;
  readonly parts: RequestParts;
  readonly status: number;
}

/** What a drill sends, out of the contract's examples. */
export interface Traffic {
  readonly journeys: readonly Journey[];
  readonly calls: readonly Call[];
}

/**
 * Pairs every operation that writes with the `GET` of the same path. Everything else is called as its example says, health routes apart: those are asked
 * by the health checks.
 *
 * @param run - some letters and digits that no other run has
 */
export function trafficOf(operations: readonly Operation[], run: string): Traffic {
  const journeys = operations.flatMap((write) => journeyOf(write, operations, run) ?? []);
  const isPart = (operation: Operation) =>
    journeys.some(({ write, read, isNamed }) => operation === write || (isNamed && operation === read));
  const isHealth = ({ id }: Operation) => Object.values(HEALTH_ROUTES).some((route) => route.id === id);
  const calls = operations
    .filter((operation) => !isPart(operation) && !isHealth(operation))
    .flatMap((operation) => {
      const [example] = operation.examples;
      return example ? [{ operation, parts: partsOf(example), status: example.status }] : [];
    });
  return { journeys, calls };
}

function journeyOf(write: Operation, operations: readonly Operation[], run: string): Journey | undefined {
  const example = write.examples.find(({ status }) => status >= 200 && status < 300);
  const read = operations.find(({ method, path, api }) => method === 'GET' && path === write.path && api === write.api);
  if (write.method === 'GET' || write.method === 'DELETE' || example === undefined || read === undefined)
    return undefined;
  const requests = uniqueRequests(write, example, run);
  const isNamed = example.pathParameters !== undefined;
  const readParts = (item: number): RequestParts => {
    const { path } = requests.partsOf(item, 1);
    return isNamed ? { ...(path && { path }) } : { query: sharedQuery(read, requests) };
  };
  return { write, read, status: example.status, isNamed, requests, readParts };
}

/** What all writes have alike and the reader can be asked for. */
function sharedQuery({ request }: Operation, { bodyOf }: UniqueRequests): Record<string, string> {
  const [one, other] = [membersOf(bodyOf(1)), membersOf(bodyOf(2))];
  const alike = Object.entries(one).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && other[entry[0]] === entry[1],
  );
  const schema = request.query;
  if (schema === undefined) return {};
  return Object.fromEntries(alike.filter(([name, value]) => isQuery(schema, name, value)));
}

/** Whether the query has a member of that name: an object schema leaves out those that it does not know. */
function isQuery(schema: NonNullable<Operation['request']['query']>, name: string, value: string): boolean {
  const parsed = safeParse(schema, { [name]: value });
  return parsed.success && name in membersOf(parsed.data);
}

function partsOf({ pathParameters, query, headers, body }: OperationExample): RequestParts {
  return {
    ...(pathParameters && { path: pathParameters }),
    ...(query && { query }),
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
