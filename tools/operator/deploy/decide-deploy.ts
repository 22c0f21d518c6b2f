import { PREVIEW } from '#functions/environment.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { idleEnvironment } from '#operator/live/target.ts';
import { declaredStacks, namedStacks, type StackChoice, selectStacks } from '#operator/terraform/select-stacks.ts';
import { inOrder, type Step } from '#operator/terraform/stack-order.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StageContext } from '#stacks/context.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import type { Settings } from '#stacks/settings/settings.ts';

/** What the operator asks for. */
export interface DeployRequest extends StackChoice {
  /** Environment to deploy to. @default - the one that isn't the target */
  readonly environment?: string;
}

/** What a deploy does. */
export interface DeployDecision {
  /** There is no live target yet: every stack is applied. */
  readonly isFirst: boolean;
  /** Value of `target_env` for entries and routing: what is live, and on a first deploy the first environment. */
  readonly target: string;
  /** Environments that are deployed to; `preview` may be among them. */
  readonly environments: readonly string[];
  /** The live environment's own stacks are among them. */
  readonly touchesLive: boolean;
  readonly steps: readonly Step[];
}

/**
 * Decides what is applied, in which order, with which target. The target never moves by a deploy.
 *
 * @param live - environment that receives live traffic; `undefined` before the first deploy
 * @throws RefusedError for stacks that the synthesis lacks
 */
export function decideDeploy(
  settings: Settings,
  stacks: readonly SynthesizedStack[],
  live: string | undefined,
  request: DeployRequest,
): DeployDecision {
  const { apiEnvironments, initialStacks } = settings;
  const target = live ?? apiEnvironments[0] ?? '';
  const known = environmentNames(settings);
  const chosen =
    namedStacks(stacks, request, live) ?? (live === undefined ? stacks : ofRelease(stacks, settings, live, request));
  const environments = known.filter((name) => chosen.some(({ kind }) => kind === name));
  return {
    isFirst: live === undefined,
    target,
    environments,
    touchesLive: live !== undefined && environments.includes(live),
    steps: inOrder(chosen, [...initialStacks, 'api', ...known]),
  };
}

/**
 * What can be said of a request before anything is known of the stage.
 *
 * @throws RefusedError
 */
export function requireSettled(context: StageContext, { environment, stacks, only }: DeployRequest): void {
  const { settings } = context;
  const known = environmentNames(settings);
  const ways = [environment, stacks, only].filter((way) => way !== undefined);
  const problems = [
    ...(environment === undefined || known.includes(environment) ? [] : [noEnvironment(environment, known)]),
    ...(ways.length <= 1 ? [] : ['Give one of these: an environment, --stack, --only. Each says what is applied.']),
  ];
  if (problems.length > 0) throw new RefusedError(problems.join('\n'));
  selectStacks(declaredStacks(context), stacks ?? only ?? []);
}

function noEnvironment(name: string, known: readonly string[]): string {
  return `There is no environment ${JSON.stringify(name)}, allowed are ${known.join(', ')}.${didYouMean(name, known)}`;
}

/** All stacks, but for those of environments that the release doesn't go to. */
function ofRelease(
  stacks: readonly SynthesizedStack[],
  settings: Settings,
  live: string,
  { environment }: DeployRequest,
): readonly SynthesizedStack[] {
  const wanted = [environment ?? idleEnvironment(settings.apiEnvironments, live), PREVIEW];
  return stacks.filter(({ kind }) => !environmentNames(settings).includes(kind) || wanted.includes(kind));
}

function environmentNames({ apiEnvironments }: Settings): readonly string[] {
  return [...apiEnvironments, PREVIEW];
}
