import type { RegionType } from '../../../stacks/context.ts';
import type { LockStore } from '../lock/lock-store.ts';
import type { JournalStore } from './journal/journal-store.ts';

/** The parts of a stage that know the target: `entry-primary`, `entry-secondary`, `routing`. */
export type TargetPart = 'routing' | `entry-${RegionType}`;

/** A reason that forbids a switch, with its remedy. */
export interface Obstacle {
  /** Where it was found; `undefined` for what concerns both regions. */
  readonly regionType: RegionType | undefined;
  /** What was found, what is expected, how to mend it. */
  readonly message: string;
}

/** What a switch works with: AWS through Terraform, or the local runtime. */
export interface SwitchPorts {
  /** The environment that every public name leads to. @throws TargetDisagreementError where there is more than one */
  readonly target: () => Promise<string | undefined>;
  /** Looks at an environment in both regions. Nothing is changed. */
  readonly preflight: (environment: string) => Promise<readonly Obstacle[]>;
  /** Tells an environment's content apart, by a rollback from what was live. @returns `undefined` where it isn't known */
  readonly contentHash: (environment: string) => Promise<string | undefined>;
  /** Region whose entry is moved first, as it serves the least live traffic. */
  readonly standby: () => Promise<RegionType>;
  /** Makes one part lead to an environment; a part that does so already stays as it is. @throws when it could not */
  readonly move: (part: TargetPart, environment: string) => Promise<void>;
  /** Waits until a region's own entry is answered by the environment. @throws when it is not, or `signal` is aborted */
  readonly verifyRegion: (regionType: RegionType, environment: string, signal?: AbortSignal) => Promise<void>;
  /** Waits until the public name is answered by the environment. @throws when it is not, or `signal` is aborted */
  readonly verifyPublicName: (environment: string, signal?: AbortSignal) => Promise<void>;
}

/** Where a switch takes place: a stage on AWS, or the local runtime. */
export interface SwitchPlace {
  readonly stage: string;
  /** What stands behind the stage's name to repeat a command there: ` --local`, or nothing. */
  readonly flags: string;
  /** Environments that the target may be. */
  readonly environments: readonly string[];
  /** The stage's name is to be typed before its traffic moves; elsewhere y is enough. */
  readonly isProduction: boolean;
  readonly ports: SwitchPorts;
  readonly journal: JournalStore;
  readonly lock: LockStore;
  /** Gives back what was opened. */
  readonly close: () => Promise<void>;
}
