import type { JournalStore, SwitchRecord, SwitchStep } from '#operator/journal/switch-journal.ts';
import type { LockStore } from '#operator/lock/lock-store.ts';
import type { CatchUpStore } from '#operator/regions/catch-up.ts';
import type { ReplayReport } from '#operator/replay/replay-report.ts';
import type { ReplayOptions } from '#operator/replay/replay-requests.ts';
import type { RegionType } from '#stacks/context.ts';
import type { CanaryPorts } from './canary/canary-ports.ts';
import type { Comparison } from './canary/compare-versions.ts';
import type { DataSample } from './preflight/sample-data.ts';

/** The parts of a stage that know the target: `entry-primary`, `entry-secondary`. */
export type TargetPart = `entry-${RegionType}`;

/** A reason that forbids a switch, with its remedy. */
export interface Obstacle {
  /** Where it was found; `undefined` for what concerns both regions. */
  readonly regionType: RegionType | undefined;
  /** What was found, what is expected, how to mend it. */
  readonly message: string;
}

/** What an environment's alarm says in a region. */
export interface RegionAlarm {
  readonly regionType: RegionType;
  readonly message: string;
  /** Whether it has gone off; else it could not be asked. */
  readonly isOn: boolean;
}

/** What moves the parts of a stage that know the target. */
export interface TargetMoves {
  /** What forbids a move to an environment. Nothing is changed. */
  readonly obstacles: (environment: string) => Promise<readonly Obstacle[]>;
  /** Leads one part to an environment, and does nothing else. */
  readonly move: (part: TargetPart, environment: string) => Promise<void>;
}

/** What a switch works with: AWS through Terraform, or the local runtime. */
export interface SwitchPorts {
  /** The environment that every public name leads to. @throws TargetDisagreementError where there is more than one */
  readonly target: () => Promise<string | undefined>;
  /** Looks at an environment in both regions. Nothing is changed. */
  readonly preflight: (environment: string) => Promise<readonly Obstacle[]>;
  /** Reads a sample of what the other environment wrote with the schemas of this one. Nothing is changed. */
  readonly sampleData: (environment: string) => Promise<DataSample>;
  /** Tells an environment's content apart, by a rollback from what was live. @returns `undefined` where it isn't known */
  readonly contentHash: (environment: string) => Promise<string | undefined>;
  /** Region whose entry is moved first, as it serves the least live traffic. */
  readonly standby: () => Promise<RegionType>;
  /** Makes one part lead to an environment; a part that does so already stays as it is. @throws when it could not */
  readonly move: (part: TargetPart, environment: string) => Promise<void>;
  /** Waits until a region's own entry is answered by the environment alone. @throws when it is not, or `signal` is aborted */
  readonly verifyRegion: (regionType: RegionType, environment: string, signal?: AbortSignal) => Promise<Responses>;
  /** Waits until the public names are answered by the environment alone. @throws when they are not, or `signal` is aborted */
  readonly verifyPublicName: (environment: string, signal?: AbortSignal) => Promise<Responses>;
  /** Asks each region's alarm of the environment. What could not be asked forbids nothing. @returns one for each region where it has gone off, or did not answer */
  readonly alarms: (environment: string) => Promise<readonly RegionAlarm[]>;
  /**
   * Asks a region's own entry once whether the environment behind it is well, and its alarm.
   *
   * @param begun - ISO 8601: an alarm that has been on since before does not count
   * @returns what is wrong; `undefined` for nothing
   */
  readonly health: (regionType: RegionType, environment: string, begun: string) => Promise<string | undefined>;
  readonly canary: CanaryPorts;
}

/** Who answered while a move was verified. */
export type Responses = NonNullable<SwitchStep['responses']>;

/** Where a switch takes place: a stage on AWS, or the local runtime. */
export interface SwitchPlace {
  readonly stage: string;
  /** What stands behind the stage's name to repeat a command there: ` --local`, or nothing. */
  readonly flags: string;
  /** Environments that the target may be. */
  readonly environments: readonly string[];
  /** The stage's name is to be typed before its traffic moves; elsewhere y is enough. */
  readonly isProduction: boolean;
  /** How much faster than on AWS time goes: a stagger of 15 min takes 15 s at 60. */
  readonly timeScale: number;
  readonly ports: SwitchPorts;
  readonly journal: JournalStore;
  /** All of them are held while something is moved: one in each region that is worked in. */
  readonly locks: readonly LockStore[];
  /** The region that is lost: nothing is asked of it, and nothing waits for it. @default - none */
  readonly without?: RegionType;
  readonly catchUp: CatchUpStore;
  /** Sends what an environment was asked to another one, and compares. @throws RefusedError where nothing can be compared */
  readonly replay: (way: Pick<ReplayOptions, 'allowed' | 'from' | 'onProgress' | 'to'>) => Promise<ReplayReport>;
  /** Whether the stage can be worked on so, with or without a region. @throws RefusedError with what has to be done first */
  readonly requireUsable: () => Promise<void>;
  /** Gives back what was opened. */
  readonly close: () => Promise<void>;
}

/** A step as the report has it. */
interface ReportedStep
  extends Pick<SwitchStep, 'action' | 'environment' | 'outcome' | 'problem' | 'responses' | 'subject' | 'until'> {
  /** @default - it was begun and did not end */
  readonly seconds?: number;
}

/** What became of a switch. */
export interface SwitchReport {
  readonly stage: string;
  readonly from: string;
  readonly to: string;
  /** `stuck`: neither done nor put back. `unchanged`: there was nothing to do. */
  readonly outcome: 'done' | 'reverted' | 'stuck' | 'unchanged';
  /** From the command's own begin. */
  readonly seconds: number;
  /** Those of this command. */
  readonly steps: readonly ReportedStep[];
  /** Why it was not done. */
  readonly problem?: string;
  /** Of a canary: what both versions of each function did. @default - nothing was measured */
  readonly comparison?: Comparison;
  /** Of a switch that is stuck: where each region's entry leads; `null` where a move failed or broke off, so that it may be either. */
  readonly targets?: Readonly<Record<RegionType, string | null>>;
  /** The region that was left out. @default - none */
  readonly without?: RegionType;
  /** What that region has to catch up on. @default - nothing */
  readonly catchUp?: readonly string[];
}

/** Where the regions' entries lead after the steps of a switch: of each the last move counts, and one that did not end well may have moved it. */
export function targetsAfter({ from, steps }: SwitchRecord): Readonly<Record<RegionType, string | null>> {
  const after = (part: TargetPart) => {
    const last = steps.findLast(({ action, subject }) => action === 'move' && subject === part);
    if (last === undefined) return from;
    return last.outcome === 'done' ? last.environment : null;
  };
  return { primary: after('entry-primary'), secondary: after('entry-secondary') };
}

/** @param skipped - steps that an earlier command took */
export function reportedSteps({ steps }: SwitchRecord, skipped: number): readonly ReportedStep[] {
  return steps.slice(skipped).map(({ begun, ended, ...step }) => ({
    ...step,
    // A clock that was set back in between knows of no time that passed.
    ...(ended !== undefined && { seconds: Math.max(0, Date.parse(ended) - Date.parse(begun)) / 1000 }),
  }));
}

/** What an operator asks for. */
export type SwitchRequest = NewSwitch | UnfinishedSwitch;

/** How much of a stage's traffic new versions get before a switch, and for how long. */
export interface CanarySize {
  /** From 1 to 50. */
  readonly percent: number;
  readonly bakeSeconds: number;
}

/** A switch that begins. */
export type NewSwitch =
  | {
      readonly kind: 'switch';
      /** @default - the environment after the target, in the settings' order */
      readonly environment?: string;
      /** One region goes first and is watched for so long before the other one follows. @default - both go at once */
      readonly staggerSeconds?: number;
      /** The old environment's aliases run the new versions for a share of their invocations first. @default - not at all */
      readonly canary?: CanarySize;
      /** The environment may go live that could not read what was found in the tables. @default false */
      readonly allowUnreadable?: boolean;
      /** The environment may go live whose alarm has gone off. @default false */
      readonly allowAlarm?: boolean;
      /** What the live environment was asked is sent to this one first; so many responses may differ. @default - nothing is sent */
      readonly replay?: { readonly allowed: number };
    }
  | {
      readonly kind: 'rollback';
      /** The previous environment may hold other content than when it was live. @default false */
      readonly allowRedeployed?: boolean;
    };

/** Goes on with a switch that a command left unfinished or that is staggered, or puts back what it moved. */
type UnfinishedSwitch =
  | {
      readonly kind: 'resume';
      /** The region that went first is watched for so long, once more, before the other one follows. @default - only where it was not watched yet */
      readonly staggerSeconds?: number;
    }
  | { readonly kind: 'revert' };
