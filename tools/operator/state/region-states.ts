import { errorReason } from '#functions/error-reason.ts';
import { isAboutCredentials } from '#operator/cli/credentials-error.ts';
import { minutes } from '#operator/cli/terminal.ts';
import type { StateLocation } from '#stacks/terraform/state-location.ts';
import { readStateDocument, type StateDocument } from './state-document.ts';
import type { StateLock, StateStore } from './state-store.ts';

/** A state in one region, with what the lock table says of it. */
export interface StateRecord {
  readonly key: string;
  /** Stack's id: `dev-envA-primary`. */
  readonly stack: string;
  readonly modified: Date;
  /** `undefined` for what isn't a state. */
  readonly document: StateDocument | undefined;
  /** MD5 that Terraform expects. */
  readonly digest?: string;
  readonly lock?: StateLock;
  /** How far S3 is with copying it. */
  readonly replication?: string;
}

/** Everything that one region has of a stage's state. */
export interface RegionStates {
  readonly location: StateLocation;
  readonly hasBucket: boolean;
  readonly hasLockTable: boolean;
  /** By key, in order. */
  readonly states: ReadonlyMap<string, StateRecord>;
}

/** Reads every state of a region. @throws when the region doesn't answer */
export async function readRegionStates(store: StateStore): Promise<RegionStates> {
  const [keys, items] = await Promise.all([store.keys(), store.lockItems()]);
  const records = await Promise.all(
    (keys ?? []).map(async (key): Promise<StateRecord> => {
      const { body, modified, replication } = await store.read(key);
      const digest = items?.digests.get(key);
      const lock = items?.locks.get(key);
      return {
        key,
        stack: stackOf(key),
        modified,
        document: readStateDocument(body),
        ...(digest !== undefined && { digest }),
        ...(lock !== undefined && { lock }),
        ...(replication !== undefined && { replication }),
      };
    }),
  );
  return {
    location: store.location,
    hasBucket: keys !== undefined,
    hasLockTable: items !== undefined,
    states: new Map(records.map((record) => [record.key, record])),
  };
}

/** `dev/dev-data.tfstate` → `dev-data` */
export function stackOf(key: string): string {
  return key.replace(/^.*\//, '').replace(/\.tfstate$/, '');
}

/** When a state was written: `written 2026-11-29T08:12:44.000Z`, `3 h ago`. What a stack made since then the state does not know. */
export function describeAge(modified: Date, now = Date.now()): readonly [string, string] {
  const passed = Math.max(0, now - modified.getTime()) / 1000;
  const hours = passed / 3600;
  const age = hours < 2 ? minutes(passed) : hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`;
  return [`written ${modified.toISOString()}`, `${age} ago`];
}

/** A region's states, or why they can't be read. */
export type RegionAnswer = RegionStates | { readonly location: StateLocation; readonly problem: string };

/** Reads a region that may be gone. @throws only what is about credentials, which says nothing of the region */
export async function askRegion(store: StateStore): Promise<RegionAnswer> {
  try {
    return await readRegionStates(store);
  } catch (error) {
    if (isAboutCredentials(error)) throw error;
    return { location: store.location, problem: errorReason(error) };
  }
}
