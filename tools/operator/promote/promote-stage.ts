import { operations } from '#contract/index.ts';
import type { JournalStore } from '#operator/journal/switch-journal.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import type { LiveRegion } from '#operator/live/live-region.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { type CatchUpStore, oweRelease } from '#operator/regions/catch-up.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { decidePromotion, type PromoteDecision, type PromoteRequest } from './decide-promotion.ts';
import { type InRegions, type PerRegion, type PromotedFunction, PromoteError, type Promotion } from './promotion.ts';
import { type PublishVersion, publishEverywhere } from './publish-versions.ts';
import { runSmoke, type SmokeCall } from './smoke.ts';

/** What a promotion works with. */
export interface PromotePorts {
  readonly live: Pick<LiveSources, 'regions'>;
  /** Tells whether a switch is unfinished, which may yet go to either environment. */
  readonly journal: Pick<JournalStore, 'read'>;
  readonly publish: PerRegion<PublishVersion>;
  /** The region that is lost: nothing is asked of it, and nothing done in it. @default - none */
  readonly without?: RegionType;
  /** Writes down what a region that is lost will lack, before anything is changed. @returns all that it has to catch up on, in sentences */
  readonly owe?: (decision: PromoteDecision) => Promise<readonly string[]>;
  /** Points the environment at what was published, in the regions that are worked in, and leaves everything else. */
  readonly apply: (decision: PromoteDecision, versions: PromotedVersions) => Promise<readonly StackResult[]>;
  /** Sends the contract's examples. @default - none is sent */
  readonly smoke?: SmokeCall;
  readonly onPhase?: (phase: string) => void;
  /** What the commands need besides the stage to mean this place: ` --local`. @default - nothing */
  readonly flags?: string;
}

/** Function → published version, in each region that is worked in. */
export type PromotedVersions = InRegions<Readonly<Record<string, string>>>;

/**
 * Publishes what `preview` runs, points an environment without live traffic at exactly that in both regions, or in the one that is left, and calls it. Functions that aren't
 * named keep their versions. Given again, it finds everything done.
 *
 * @throws RefusedError, TargetDisagreementError, PromoteError, TerraformError. Calls that fail are part of what comes back
 */
export async function promoteStage(
  context: StageContext,
  ports: PromotePorts,
  request: PromoteRequest,
): Promise<Promotion> {
  const { settings, stage } = context;
  const tell = ports.onPhase ?? (() => undefined);
  const { without } = ports;
  const left = regionsLeft(without);
  const where = without === undefined ? 'both regions' : `the ${left.join()} region`;
  const read = () => Promise.all(left.map((type) => readRegion(context, type, ports.live.regions[type])));
  tell('reading what is live');
  requireFinished({ stage, flags: ports.flags ?? '' }, await ports.journal.read());
  const decision = decidePromotion(settings, stage, await read(), request);
  const { target, environment } = decision;
  tell(`publishing ${Object.keys(decision.functions).join(', ')} in ${where}`);
  const versions = await publishEverywhere(context, ports.publish, decision.functions, without);
  const catchUp = await ports.owe?.(decision);
  const stacks = await ports.apply(decision, versions);
  requireApplied(
    stacks,
    `two-region promote ${stage} ${Object.keys(decision.functions).join(' ')} --env ${environment}${ports.flags ?? ''}`,
  );
  tell('verifying');
  const functions = promoted(decision, versions);
  verify(environment, functions, await read());
  if (ports.smoke) tell(`calling ${environment} in ${where}`);
  const smoke = ports.smoke === undefined ? [] : await runSmoke(operations, environment, ports.smoke, without);
  const alone = without && { without, ...(catchUp && { catchUp }) };
  return { stage, target, environment, functions, stacks, smoke, ...alone };
}

function requireApplied(stacks: readonly StackResult[], again: string): void {
  const failed = stacks.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return;
  const lines = failed.map(({ stack, problem = '' }) => `${stack}:\n${problem}`);
  throw new PromoteError(
    [...lines, `The regions may differ now. When the cause is gone, go on with: ${again}`].join('\n'),
  );
}

function promoted({ functions, running }: PromoteDecision, versions: PromotedVersions): readonly PromotedFunction[] {
  const ofEach = <T, R>(regions: InRegions<T>, read: (value: T) => R): InRegions<R> =>
    Object.fromEntries(Object.entries(regions).map(([type, value]) => [type, read(value)]));
  return Object.entries(functions).map(([name, codeSha256]) => ({
    name,
    codeSha256,
    before: ofEach(running, (environment) => environment.functions[name]?.version ?? null),
    versions: ofEach(versions, (published) => published[name] ?? ''),
  }));
}

/** What is live must be what was published. */
function verify(environment: string, functions: readonly PromotedFunction[], regions: readonly LiveRegion[]): void {
  const problems = functions.flatMap(({ name, codeSha256, versions }) =>
    regions.flatMap(({ environments, target: { regionType } }) => {
      const live = environments.find((each) => each.name === environment)?.functions[name];
      if (live?.codeSha256 === codeSha256 && live.version === versions[regionType] && live.isPinned) return [];
      const found = live === undefined ? 'nothing' : `version ${live.version} (${live.codeSha256})`;
      return [
        `${name} in ${environment}, ${regionType} region: runs ${found}, expected ${versions[regionType]} (${codeSha256}).`,
      ];
    }),
  );
  if (problems.length > 0) throw new PromoteError(problems.join('\n'));
}

/** Writes down that a region which is lost lacks a promotion. @returns all that it has to catch up on, in sentences */
export function owePromotion(
  catchUp: CatchUpStore,
  lost: RegionType,
  { environment, functions }: PromoteDecision,
): Promise<readonly string[]> {
  const what = `${environment} is to run ${Object.keys(functions).join(', ')} as promoted`;
  return oweRelease(catchUp, lost, { environments: [environment], what });
}
