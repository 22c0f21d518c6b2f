import type { StateLocation } from '#stacks/terraform/state-location.ts';

/** A state as S3 keeps it. */
export interface StoredState {
  readonly body: Uint8Array;
  readonly modified: Date;
  /** How far S3 is with copying it; of a copy, `REPLICA`. `undefined` for what is not copied. */
  readonly replication?: string;
}

/** A state that somebody has locked, in Terraform's words. */
export interface StateLock {
  readonly id: string;
  /** `user@host` */
  readonly who: string;
  /** `OperationTypeApply` */
  readonly operation: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What Terraform's S3 backend keeps in a lock table. Keys are those of the states. */
export interface LockItems {
  /** MD5 of each state as it was written last, in hexadecimal digits. */
  readonly digests: ReadonlyMap<string, string>;
  readonly locks: ReadonlyMap<string, StateLock>;
}

/** A stage's states in one region. A region that doesn't answer makes every call throw. */
export interface StateStore {
  readonly location: StateLocation;
  /** Keys of the stage's states, sorted. `undefined` when there is no such bucket. */
  keys(): Promise<readonly string[] | undefined>;
  read(key: string): Promise<StoredState>;
  write(key: string, body: Uint8Array): Promise<void>;
  /** Writes a state unless there is one. */
  writeIfAbsent(key: string, body: Uint8Array): Promise<void>;
  /** `undefined` when there is no such table. */
  lockItems(): Promise<LockItems | undefined>;
  writeDigest(key: string, digest: string): Promise<void>;
}

/** A stage's states in both regions. */
export interface StateStores {
  readonly primary: StateStore;
  readonly secondary: StateStore;
}
