import { setImmediate as turnEnds } from 'node:timers/promises';
import * as z from 'zod/mini';
import { type Contents, contentsSchema, type Written, writtenSchema } from '#local/data/contents.ts';
import { DataError } from '#local/data/data-error.ts';
import { type EventQuery, writeEventQuery } from '#local/events/event-query.ts';
import { eventSchema } from '#local/events/event-schema.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { type Failure, REGION_GONE } from '#local/failure/failure.ts';
import type { RegionType } from '#local/model/model.ts';
import type { ReleaseChange } from '#local/release/release-changes.ts';
import { type DocumentName, type KeptDocument, keptDocumentSchema } from './kept-documents.ts';
import {
  alarmsSchema,
  type LocalAlarms,
  type LocalTrace,
  permissionsSchema,
  type RecordedMessage,
  type RuntimeState,
  type RuntimeStatus,
  recordedSchema,
  refusalSchema,
  type SignedToken,
  signedTokenSchema,
  statusSchema,
  type TokenRequest,
  traceSchema,
  type UnusedPermissions,
} from './protocol.ts';
import { type RegionsMessage, regionsSchema } from './regions-schema.ts';
import {
  type AliasesMessage,
  type PublicationMessage,
  publishedSchema,
  type ReleaseMessage,
  releasePlanSchema,
  type WeightsMessage,
} from './release-schema.ts';
import { readState, stateFileIn } from './state-file.ts';

/** No runtime runs in the folder. */
export class NoRuntimeError extends Error {
  override readonly name = 'NoRuntimeError';
  readonly exitCode = 2;
  constructor(directory: string, options?: ErrorOptions) {
    super(
      `No local runtime runs in this folder (${stateFileIn(directory)} is missing or left over). ` +
        'Start one with `npm start`, and give this command in the same folder.',
      options,
    );
  }
}

/** Talks to the runtime that runs in a folder. */
export interface ControlClient {
  status(): Promise<RuntimeStatus>;
  regions(): Promise<RegionsMessage>;
  alarms(): Promise<LocalAlarms>;
  /** Requests that an environment has served, oldest first. @param since - milliseconds since the epoch */
  recorded(environment: string, since: number): Promise<RecordedMessage>;
  unusedPermissions(): Promise<UnusedPermissions>;
  /** A token of the runtime's issuer. */
  token(request: TokenRequest): Promise<SignedToken>;
  /** @throws Error with the runtime's reason, when nothing has changed */
  fail(region: RegionType, failure?: Failure): Promise<RuntimeStatus>;
  recover(region: RegionType): Promise<RuntimeStatus>;
  setReplicationLag(milliseconds: number): Promise<RuntimeStatus>;
  setPartitioned(partitioned: boolean): Promise<RuntimeStatus>;
  /** Routes of a region, `envA GET /user/{id}`, respond with 429 from now on, and no others. */
  hold(region: RegionType, routes: readonly string[]): Promise<void>;
  /** Makes a part of the stage lead to another environment. @throws Error with the runtime's reason, when nothing has changed */
  moveTarget(part: string, environment: string, propagation?: number): Promise<RegionsMessage>;
  /** Makes a release. @throws Error with the runtime's reason, when nothing has changed */
  deploy(release: ReleaseMessage): Promise<RegionsMessage>;
  /** What {@link deploy} would change. @throws as it would */
  plan(release: ReleaseMessage): Promise<readonly ReleaseChange[]>;
  /** Publishes what `preview` runs of a function. @returns the version @throws Error with the runtime's reason, when nothing has changed */
  publish(publication: PublicationMessage): Promise<string>;
  /** Points an environment at published versions. @throws Error with the runtime's reason, when nothing has changed */
  point(aliases: AliasesMessage): Promise<RegionsMessage>;
  /** Gives an environment's aliases in a region these weights, and no others. @throws Error with the runtime's reason, when nothing has changed */
  weigh(weights: WeightsMessage): Promise<RegionsMessage>;
  /** Regions admit the API keys that their parameters hold now. @throws Error with the runtime's reason, when nothing has changed */
  admitKeys(regions: readonly RegionType[]): Promise<RegionsMessage>;
  /** What tables, buckets and Parameter Store of both regions hold. */
  contents(): Promise<Contents>;
  /** Writes into them, as clients would. @throws DataError with everything that is wrong, when nothing has changed */
  fill(contents: unknown): Promise<Written>;
  /** Makes them what they were at the first start. */
  reset(): Promise<void>;
  /** A document that commands keep in the runtime. */
  document(name: DocumentName): Promise<KeptDocument>;
  /** Puts another in its place. @param version - the one that is replaced. @returns false, and nothing has changed, where another is there */
  replaceDocument(name: DocumentName, document: unknown, version?: number): Promise<boolean>;
  /** The way of a request, by an id of it or of its trace. */
  trace(id: string): Promise<LocalTrace>;
  /** Oldest first. */
  events(query: EventQuery): Promise<RuntimeEvent[]>;
  /** The same, and each further event as it comes, until the runtime ends. */
  follow(query: EventQuery): AsyncIterable<RuntimeEvent>;
}

/** @throws NoRuntimeError if none runs in `directory` */
export async function connectControl(directory: string): Promise<ControlClient> {
  const state = await readState(directory);
  if (!state) throw new NoRuntimeError(directory);
  const request = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetchAs(state, method, path, body).catch((cause: unknown) => {
      // The process ended between reading and asking, or its number belongs to another one by now.
      throw new NoRuntimeError(directory, { cause });
    });
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await request(method, path, body);
    if (response.ok) return response;
    throw await refused(response, path);
  };
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await send(method, path, body);
    return response.json();
  };
  return {
    status: async () => statusSchema.parse(await ask('GET', '/status')),
    regions: oncePerTurn(async () => regionsSchema.parse(await ask('GET', '/regions'))),
    alarms: async () => alarmsSchema.parse(await ask('GET', '/alarms')),
    recorded: async (environment, since) =>
      recordedSchema.parse(await ask('GET', `/recorded?${new URLSearchParams({ environment, since: String(since) })}`)),
    unusedPermissions: async () => permissionsSchema.parse(await ask('GET', '/permissions')),
    token: async (request) => signedTokenSchema.parse(await ask('POST', '/tokens', request)),
    fail: async (region, failure = REGION_GONE) =>
      statusSchema.parse(await ask('POST', `/regions/${region}/fail`, failure)),
    setPartitioned: async (partitioned) => statusSchema.parse(await ask('POST', '/partition', { partitioned })),
    hold: async (region, routes) => {
      await ask('POST', `/regions/${region}/hold`, { routes });
    },
    recover: async (region) => statusSchema.parse(await ask('POST', `/regions/${region}/recover`)),
    setReplicationLag: async (lagMilliseconds) =>
      statusSchema.parse(await ask('POST', '/replication', { lagMilliseconds })),
    moveTarget: async (part, environment, propagation) =>
      regionsSchema.parse(await ask('POST', `/targets/${encodeURIComponent(part)}`, { environment, propagation })),
    deploy: async (release) => regionsSchema.parse(await ask('POST', '/releases', release)),
    plan: async (release) => releasePlanSchema.parse(await ask('POST', '/release-plans', release)).changes,
    publish: async (publication) => publishedSchema.parse(await ask('POST', '/versions', publication)).version,
    point: async (aliases) => regionsSchema.parse(await ask('POST', '/aliases', aliases)),
    weigh: async (weights) => regionsSchema.parse(await ask('POST', '/weights', weights)),
    admitKeys: async (regions) => regionsSchema.parse(await ask('POST', '/usage-plans', { regions })),
    contents: async () => contentsSchema.parse(await ask('GET', '/data')),
    fill: async (contents) => {
      const response = await request('POST', '/data', contents);
      if (response.ok) return writtenSchema.parse(await response.json());
      throw new DataError((await refused(response, '/data')).message);
    },
    reset: async () => {
      await ask('DELETE', '/data');
    },
    document: async (name) => keptDocumentSchema.parse(await ask('GET', `/documents/${name}`)),
    replaceDocument: async (name, document, version) => {
      const path = `/documents/${name}`;
      const body = { document, ...(version !== undefined && { version }) };
      const response = await request('PUT', path, body);
      if (response.ok) return true;
      if (response.status === 409) return false;
      throw await refused(response, path);
    },
    trace: async (id) => traceSchema.parse(await ask('GET', `/trace?id=${encodeURIComponent(id)}`)),
    events: async (query) => z.array(eventSchema).parse(await ask('GET', `/events?${writeEventQuery(query)}`)),
    follow: async function* (query) {
      const { body } = await send('GET', `/events?follow=true&${writeEventQuery(query)}`);
      // A runtime that ends breaks the connection.
      if (body) for await (const event of readJsonLines(body)) yield eventSchema.parse(event);
    },
  };
}

/**
 * Callers of one turn of the event loop share a request, which goes out at its end: what it brings is never from before a call. A switch asks some
 * hundred things of the regions, many of them at once, and a response has them all.
 */
function oncePerTurn<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let shared: Promise<Value> | undefined;
  return () => {
    shared ??= turnEnds().then(() => {
      shared = undefined;
      return ask();
    });
    return shared;
  };
}

async function refused(response: Response, path: string): Promise<Error> {
  const refusal = refusalSchema.safeParse(await response.json());
  return new Error(refusal.success ? refusal.data.message : `The runtime responded ${response.status} to ${path}.`);
}

function fetchAs({ url, token }: RuntimeState, method: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** The values of a stream that has one of JSON in each line, as they come. It may break off: that ends them. */
async function* readJsonLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
