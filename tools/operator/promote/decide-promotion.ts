import { operations } from '#contract/index.ts';
import { PREVIEW } from '#functions/environment.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { LiveEnvironment, LiveRegion } from '#operator/live/live-region.ts';
import { idleEnvironment, liveTarget } from '#operator/live/target.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import type { Settings } from '#stacks/settings/settings.ts';
import type { PerRegion } from './promotion.ts';

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
  /** Function → SHA-256 of the code that `preview` runs in both regions. */
  readonly functions: Readonly<Record<string, string>>;
  /** The environment as each region runs it. */
  readonly running: PerRegion<LiveEnvironment>;
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
  return [...new Set(operations.map((operation) => operation.function))].sort();
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
 * @throws TargetDisagreementError; RefusedError with everything that is in the way
 */
export function decidePromotion(
  { apiEnvironments }: Pick<Settings, 'apiEnvironments'>,
  stage: string,
  regions: PerRegion<LiveRegion>,
  request: PromoteRequest,
): PromoteDecision {
  const target = liveTarget([regions.primary.target, regions.secondary.target]);
  if (target === undefined) {
    throw new RefusedError(`Stage ${stage} is not deployed yet. Deploy it first: two-region deploy ${stage}`);
  }
  const environment = request.environment ?? idleEnvironment(apiEnvironments, target);
  const known = promotable();
  const names = request.functions ?? known;
  const environments = (name: string) => ({
    primary: find(regions.primary, name),
    secondary: find(regions.secondary, name),
  });
  const [running, preview] = [environments(environment), environments(PREVIEW)];
  const problems = [
    ...environmentProblems(apiEnvironments, target, environment),
    ...names.filter((name) => !known.includes(name)).map(noFunction),
    ...absences(regions, apiEnvironments.includes(environment) ? [environment, PREVIEW] : [PREVIEW], stage),
    ...names.filter((name) => known.includes(name)).flatMap((name) => codeProblems(name, preview, stage)),
  ];
  const { primary, secondary } = running;
  if (problems.length > 0 || primary === undefined || secondary === undefined) {
    throw new RefusedError(['Nothing was promoted.', ...problems].join('\n'));
  }
  const functions = names.map((name) => [name, preview.primary?.functions[name]?.codeSha256 ?? '']);
  return { target, environment, functions: Object.fromEntries(functions), running: { primary, secondary } };
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

function absences(regions: PerRegion<LiveRegion>, names: readonly string[], stage: string): string[] {
  return names.flatMap((name) =>
    [regions.primary, regions.secondary]
      .filter((region) => find(region, name) === undefined)
      .map(
        ({ target }) =>
          `${name} is not deployed in the ${target.regionType} region. Deploy it: two-region deploy ${stage} ${name}`,
      ),
  );
}

/** What `preview` runs must be the newest code, the same in both regions. */
function codeProblems(name: string, preview: PerRegion<LiveEnvironment | undefined>, stage: string): string[] {
  const { primary, secondary } = preview;
  if (primary === undefined || secondary === undefined) return [];
  const [here, there] = [primary.functions[name], secondary.functions[name]];
  const remedy = `Deploy it: two-region deploy ${stage} ${PREVIEW}`;
  if (here === undefined || there === undefined) {
    return [
      `${name} does not run in ${PREVIEW} of the ${here === undefined ? 'primary' : 'secondary'} region. ${remedy}`,
    ];
  }
  if (here.codeSha256 === there.codeSha256) return [];
  return [
    `${name} is not the same code in the regions: primary ${here.codeSha256}, secondary ${there.codeSha256}. ` +
      `Make it so: two-region deploy ${stage} --stack api`,
  ];
}
