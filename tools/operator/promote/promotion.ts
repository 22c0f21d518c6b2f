import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import type { RegionType } from '#stacks/context.ts';
import type { SmokeResult } from './smoke.ts';

/** One value per region. */
export type PerRegion<T> = Readonly<Record<RegionType, T>>;

/** One value per region that is worked in: of one that is lost there is none. */
export type InRegions<T> = Readonly<Partial<Record<RegionType, T>>>;

/** A function whose code, as `preview` runs it, goes to an environment. */
export interface PromotedFunction {
  /** As the contract names it. */
  readonly name: string;
  /** SHA-256 of the package, base64; the same in both regions. */
  readonly codeSha256: string;
  /** Version that the environment ran before; `null` where it had none. */
  readonly before: InRegions<string | null>;
  /** Published version. Each region counts by itself. */
  readonly versions: InRegions<string>;
}

/** What a promotion did. */
export interface Promotion {
  readonly stage: string;
  /** Environment that receives live traffic, before and after. */
  readonly target: string;
  /** Environment that runs the functions now. */
  readonly environment: string;
  readonly functions: readonly PromotedFunction[];
  readonly stacks: readonly StackResult[];
  /** Empty when no calls were wanted. */
  readonly smoke: readonly SmokeResult[];
  /** The region that was left out. @default - none was */
  readonly without?: RegionType;
  /** What that one has to catch up on, in sentences. */
  readonly catchUp?: readonly string[];
}

/** A promotion ended before its end. Live traffic is where it was. */
export class PromoteError extends Error {
  override readonly name = 'PromoteError';
  readonly exitCode = ExitCode.DeployFailed;
}
