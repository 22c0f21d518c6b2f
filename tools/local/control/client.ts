import * as z from 'zod/mini';
import type { RegionType } from '../model/model.ts';
import {
  type EventMessage,
  endpointsSchema,
  eventSchema,
  permissionsSchema,
  type RuntimeEndpoints,
  type RuntimeState,
  type RuntimeStatus,
  refusalSchema,
  statusSchema,
  type UnusedPermissions,
} from './protocol.ts';
import { readState, stateFileIn } from './state-file.ts';
import { type SummaryMessage, summarySchema } from './summary-schema.ts';

/** No runtime runs in the folder. */
export class NoRuntimeError extends Error {
  override readonly name = 'NoRuntimeError';
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
  summary(): Promise<SummaryMessage>;
  endpoints(): Promise<RuntimeEndpoints>;
  unusedPermissions(): Promise<UnusedPermissions>;
  fail(region: RegionType): Promise<RuntimeStatus>;
  recover(region: RegionType): Promise<RuntimeStatus>;
  setReplicationLag(milliseconds: number): Promise<RuntimeStatus>;
  /** Events of some kinds (all, when none is named) from a time on, in milliseconds since the epoch. */
  events(kinds: readonly EventMessage['kind'][], since: number): Promise<EventMessage[]>;
}

/** @throws NoRuntimeError if none runs in `directory` */
export async function connectControl(directory: string): Promise<ControlClient> {
  const state = await readState(directory);
  if (!state) throw new NoRuntimeError(directory);
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await send(state, method, path, body).catch((cause: unknown) => {
      // The process ended between reading and asking, or its number belongs to another one by now.
      throw new NoRuntimeError(directory, { cause });
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const refusal = refusalSchema.safeParse(answer);
    throw new Error(refusal.success ? refusal.data.message : `The runtime answered ${response.status} to ${path}.`);
  };
  return {
    status: async () => statusSchema.parse(await ask('GET', '/status')),
    summary: async () => summarySchema.parse(await ask('GET', '/summary')),
    endpoints: async () => endpointsSchema.parse(await ask('GET', '/endpoints')),
    unusedPermissions: async () => permissionsSchema.parse(await ask('GET', '/permissions')),
    fail: async (region) => statusSchema.parse(await ask('POST', `/regions/${region}/fail`)),
    recover: async (region) => statusSchema.parse(await ask('POST', `/regions/${region}/recover`)),
    setReplicationLag: async (lagMilliseconds) =>
      statusSchema.parse(await ask('POST', '/replication', { lagMilliseconds })),
    events: async (kinds, since) => {
      const query = new URLSearchParams({ since: `${since}` });
      for (const kind of kinds) query.append('kind', kind);
      return z.array(eventSchema).parse(await ask('GET', `/events?${query}`));
    },
  };
}

function send({ url, token }: RuntimeState, method: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
