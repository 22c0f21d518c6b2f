import type { Operation } from '#contract/operation.ts';
import type { RequestRecord } from '#functions/http/request-record.ts';
import type { CallTarget } from '#operator/call/call-target.ts';
import type { LiveEnvironment } from '#operator/live/live-region.ts';
import type { RegionType } from '#stacks/context.ts';

/** A request as it was recorded, and in which region. */
export interface RecordedRequest extends RequestRecord {
  readonly regionType: RegionType;
}

/** What was found of an environment's requests. */
export interface FoundRecords {
  /** Oldest first. */
  readonly records: readonly RecordedRequest[];
  /** What could not be read, or not in full. */
  readonly remarks: readonly string[];
}

/** Where requests are replayed: a stage on AWS, or the local runtime. */
export interface ReplayPlace {
  readonly stage: string;
  /** What stands behind the stage's name to repeat a command there: ` --local`, or nothing. */
  readonly flags: string;
  /** That requests may be recorded on and sent to. */
  readonly environments: readonly string[];
  /** The environment that every public name leads to. */
  readonly target: () => Promise<string | undefined>;
  /** What an environment was asked. @param since - milliseconds since the epoch */
  readonly records: (environment: string, since: number) => Promise<FoundRecords>;
  /** What a region runs, `preview` too. */
  readonly deployed: (regionType: RegionType) => Promise<readonly LiveEnvironment[]>;
  /** Where an operation answers in one environment of one region, past DNS. */
  readonly targetOf: (
    operation: Operation,
    place: { readonly env: string; readonly region: RegionType },
  ) => Promise<CallTarget>;
  /** Names whose values are shown nowhere. */
  readonly secrets: readonly string[];
  /** How requests come to be recorded here, for those who have none. */
  readonly howToRecord: string;
}
