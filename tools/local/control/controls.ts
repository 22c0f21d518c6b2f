import type { MetricSummary } from '#local/cloudwatch/metric-store.ts';
import type { Contents, Written } from '#local/data/contents.ts';
import type { Failure } from '#local/failure/failure.ts';
import type { RegionType } from '#local/model/model.ts';
import type { ReleaseChange } from '#local/release/release-changes.ts';
import type {
  LocalAlarms,
  RecordedMessage,
  RuntimeStatus,
  SignedToken,
  TokenRequest,
  UnusedPermissions,
} from './protocol.ts';
import type { RegionsMessage } from './regions-schema.ts';
import type { AliasesMessage, PublicationMessage, ReleaseMessage, WeightsMessage } from './release-schema.ts';

/** What can be asked of a runtime, and done to it, while it runs. */
export interface RuntimeControls {
  status(): RuntimeStatus;
  /** As they are now: they follow the target. */
  regions(): RegionsMessage;
  alarms(): LocalAlarms;
  /** Of the last minutes of AWS's time. */
  metrics(minutes: number): readonly MetricSummary[];
  /** Requests that an environment has served, oldest first. @param since - milliseconds since the epoch */
  recorded(environment: string, since: number): RecordedMessage;
  unusedPermissions(): UnusedPermissions;
  /** A token that routes with JWT authorizers take, where their issuer is the runtime's own. */
  token(request: TokenRequest): Promise<SignedToken>;
  /**
   * Makes a region, or a part of it, fail.
   *
   * @param failure - @default the whole region refuses connections
   * @throws FailureError, when nothing has changed
   */
  fail(region: RegionType, failure?: Failure): void;
  /** Ends all failures of a region. */
  recover(region: RegionType): void;
  /** Whether the regions can reach each other. */
  setPartitioned(partitioned: boolean): void;
  setReplicationLag(milliseconds: number): void;
  /** Routes of a region, `envA GET /user/{id}`, respond with 429 from now on, and no others. */
  hold(region: RegionType, routes: readonly string[]): void;
  /**
   * Makes a part of the stage lead to another environment.
   *
   * @param propagation - milliseconds, at AWS's pace, until the last request is moved. @default 0
   * @throws TargetError, when nothing has changed
   */
  moveTarget(part: string, environment: string, propagation?: number): void;
  /**
   * Releases what was synthesized in one environment, and in those that follow the working tree.
   *
   * @throws ReleaseError, when nothing has changed
   */
  deploy(release: ReleaseMessage): Promise<void>;
  /** What {@link deploy} would change. @throws ReleaseError, as it would */
  plan(release: ReleaseMessage): Promise<readonly ReleaseChange[]>;
  /** Publishes what `preview` runs of a function. @returns the version @throws ReleaseError, when nothing has changed */
  publish(publication: PublicationMessage): string;
  /** Points an environment at published versions. @throws ReleaseError, when nothing has changed */
  point(aliases: AliasesMessage): Promise<void>;
  /** Gives an environment's aliases in a region these weights, and no others. @throws ReleaseError, when nothing has changed */
  weigh(weights: WeightsMessage): Promise<void>;
  /** Regions admit the API keys that their parameters hold now. @throws ReleaseError, when nothing has changed */
  admitKeys(regions: readonly RegionType[]): Promise<void>;
  readonly data: {
    /** What tables, buckets and Parameter Store hold. */
    contents(): Contents;
    /** Writes into them, as clients would. @throws SeedError, when nothing has changed */
    fill(contents: Contents): Promise<Written>;
    /** Makes them what they were at the first start. */
    reset(): Promise<void>;
  };
}
