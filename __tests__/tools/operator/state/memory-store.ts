import { createHash } from 'node:crypto';
import type { StateLock, StateStore } from '#operator/state/state-store.ts';
import type { StateLocation } from '#stacks/terraform/state-location.ts';

export interface MemoryStateStore extends StateStore {
  readonly objects: Map<string, Uint8Array>;
  readonly digests: Map<string, string>;
  readonly locked: Map<string, StateLock>;
  /** What was written, in order: `object KEY`, `digest KEY`. */
  readonly writes: string[];
  gone: 'bucket and table' | 'nothing' | 'region';
}

/** A region's states in memory. */
export function memoryStateStore(location: StateLocation): MemoryStateStore {
  const answering = () => {
    if (store.gone === 'region') throw Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' });
    return store.gone === 'nothing';
  };
  const store: MemoryStateStore = {
    location,
    objects: new Map(),
    digests: new Map(),
    locked: new Map(),
    writes: [],
    gone: 'nothing',
    keys: async () => (answering() ? [...store.objects.keys()].sort() : undefined),
    read: async (key) => {
      answering();
      return { body: store.objects.get(key) ?? new Uint8Array(), modified: new Date('2026-03-01T12:00:00Z') };
    },
    write: async (key, body) => {
      store.writes.push(`object ${key}`);
      store.objects.set(key, body);
    },
    writeIfAbsent: async (key, body) => {
      if (store.objects.has(key)) return;
      await store.write(key, body);
    },
    lockItems: async () =>
      answering() ? { digests: new Map(store.digests), locks: new Map(store.locked) } : undefined,
    writeDigest: async (key, digest) => {
      store.writes.push(`digest ${key}`);
      store.digests.set(key, digest);
    },
  };
  return store;
}

export interface StateOptions {
  readonly serial?: number;
  readonly lineage?: string;
  /** Keys of states that it reads. */
  readonly reads?: readonly string[];
  /** What makes states of one serial differ. */
  readonly note?: string;
  /** Resources that it has: type and attributes. */
  readonly has?: readonly (readonly [type: string, attributes: Readonly<Record<string, string>>])[];
}

/** A state as Terraform writes it. */
function stateBody({ serial = 1, lineage = 'l', reads = [], note = '', has = [] }: StateOptions = {}): Uint8Array {
  const read = reads.map((key) => ({
    mode: 'data',
    type: 'terraform_remote_state',
    instances: [{ attributes: { config: { value: { key, bucket: 'b' }, type: ['object', {}] } } }],
  }));
  const held = has.map(([type, attributes]) => ({ mode: 'managed', type, instances: [{ attributes }] }));
  const resources = [...read, ...held];
  const outputs = { note: { value: note, type: 'string' } };
  return new TextEncoder().encode(JSON.stringify({ version: 4, serial, lineage, outputs, resources }));
}

/** Puts a state where an apply would: object, then digest. */
export function putState(store: MemoryStateStore, key: string, options: StateOptions = {}): void {
  const body = stateBody(options);
  store.objects.set(key, body);
  store.digests.set(key, createHash('md5').update(body).digest('hex'));
}
