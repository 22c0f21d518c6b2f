import { operations } from '#contract/index.ts';
import { functionsOf } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { LiveEnvironment, LiveRegion } from '#operator/live/live-region.ts';
import { idleEnvironment, liveTarget } from '#operator/live/target.ts';
import type { RegionType } from '#stacks/context.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import type { Settings } from '#stacks/settings/settings.ts';
import type { InRegions } from './promotion.ts';

/** What the operator asks for. */
export interface PromoteRequest {
  /** Functions of the contract. @default - all */
  readonly functions?: readonly string[];
  /** @default - the environment that isn't the target */
  readonly environment?: string;
}

/** What a promotion is going to do. */
export interface PromoteDecision {
  readonly target: string;
  readonly environment: string;
  /** Function → SHA-256 of the code that `preview` runs in each region. */
  readonly functions: Readonly<Record<string, string>>;
  /** The environment as each region that is worked in runs it. */
  readonly running: InRegions<LiveEnvironment>;
}

/** What can be said before anything is known of the stage. @throws RefusedError with every name that there is not */
export function requireKnownNames(
  { apiEnvironments }: Pick<Settings, 'apiEnvironments'>,
  request: PromoteRequest,
): void {
  const { environment, functions = [] } = request;
  const problems = [
    ...(environment === undefined || apiEnvironments.includes(environment)
      ? []
      : [noEnvironment(environment, apiEnvironments)]),
    ...functions.flatMap((name) => (promotable().includes(name) ? [] : [noFunction(name)])),
  ];
  if (problems.length > 0) throw new RefusedError(['Nothing was promoted.', ...problems].join('\n'));
}

function promotable(): readonly string[] {
  return functionsOf(operations).toSorted();
}

function noFunction(name: string): string {
  const known = promotable();
  return `There is no function ${JSON.stringify(name)}, allowed are ${known.join(', ')}.${didYouMean(name, known)}`;
}

function noEnvironment(name: string, allowed: readonly string[]): string {
  return `There is no environment ${JSON.stringify(name)}, allowed are ${allowed.join(', ')}.${didYouMean(name, allowed)}`;
}

/**
 * Decides what goes where.
 *
 * @param regions - those that are worked in
 * @throws TargetDisagreementError; RefusedError with everything that is in the way
 */
export function decidePromotion(
  { apiEnvironments }: Pick<Settings, 'apiEnvironments'>,
  stage: string,
  regions: readonly LiveRegion[],
  request: PromoteRequest,
): PromoteDecision {
  const target = liveTarget(regions.map((region) => region.target));
  if (target === undefined) {
    throw new RefusedError(`Stage ${stage} is not deployed yet. Deploy it first: two-region deploy ${stage}`);
  }
  const environment = request.environment ?? idleEnvironment(apiEnvironments, target);
  const known = promotable();
  const names = request.functions ?? known;
  const preview = regions.map((region) => ({ ...region.target, environment: find(region, PREVIEW) }));
  const problems = [
    ...environmentProblems(apiEnvironments, target, environment),
    ...names.filter((name) => !known.includes(name)).map(noFunction),
    ...absences(regions, apiEnvironments.includes(environment) ? [environment, PREVIEW] : [PREVIEW], stage),
    ...names.filter((name) => known.includes(name)).flatMap((name) => codeProblems(name, preview, stage)),
  ];
  if (problems.length > 0) throw new RefusedError(['Nothing was promoted.', ...problems].join('\n'));
  const functions = names.map((name) => [name, preview[0]?.environment?.functions[name]?.codeSha256 ?? '']);
  const running = regions.map((region) => [region.target.regionType, find(region, environment)]);
  return { target, environment, functions: Object.fromEntries(functions), running: Object.fromEntries(running) };
}

function find({ environments }: LiveRegion, wanted: string): LiveEnvironment | undefined {
  return environments.find(({ name }) => name === wanted);
}

function environmentProblems(apiEnvironments: readonly string[], target: string, environment: string): string[] {
  const allowed = apiEnvironments.filter((name) => name !== target);
  if (allowed.includes(environment)) return [];
  if (environment === target) return [`${target} receives live traffic, allowed are ${allowed.join(', ')}.`];
  return [noEnvironment(environment, allowed)];
}

function absences(regions: readonly LiveRegion[], names: readonly string[], stage: string): string[] {
  return names.flatMap((name) =>
    regions
      .filter((region) => find(region, name) === undefined)
      .map(
        ({ target }) =>
          `${name} is not deployed in the ${target.regionType} region. Deploy it: two-region deploy ${stage} ${name}`,
      ),
  );
}

/** `preview` as one region has it. */
interface RegionsPreview {
  readonly regionType: RegionType;
  readonly environment: LiveEnvironment | undefined;
}

/** What `preview` runs must be the newest code, the same in every region that is worked in. */
function codeProblems(name: string, preview: readonly RegionsPreview[], stage: string): string[] {
  if (preview.some(({ environment }) => environment === undefined)) return [];
  const found = preview.map(({ regionType, environment }) => ({ regionType, live: environment?.functions[name] }));
  const lacking = found.find(({ live }) => live === undefined);
  if (lacking !== undefined) {
    const remedy = `Deploy it: two-region deploy ${stage} ${PREVIEW}`;
    return [`${name} does not run in ${PREVIEW} of the ${lacking.regionType} region. ${remedy}`];
  }
  if (new Set(found.map(({ live }) => live?.codeSha256)).size <= 1) return [];
  const code = found.map(({ regionType, live }) => `${regionType} ${live?.codeSha256}`).join(', ');
  return [`${name} is not the same code in the regions: ${code}. Make it so: two-region deploy ${stage} --stack api`];
}
