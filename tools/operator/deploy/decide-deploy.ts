import { PREVIEW } from '../../../functions/environment.ts';
import type { Settings } from '../../../stacks/settings/settings.ts';
import { didYouMean } from '../../../stacks/settings/suggestion.ts';
import { inOrder, type Step } from '../terraform/stack-order.ts';
import type { SynthesizedStack } from '../terraform/synthesized-stack.ts';
import { RefusedError } from './refused-error.ts';
import { selectStacks } from './select-stacks.ts';

/** What the operator asks for. */
export interface DeployRequest {
  /** Environment to deploy to. @default - the one that isn't the target */
  readonly environment?: string;
  /** Only these stacks. @default - all, but for the environments that aren't deployed to */
  readonly stacks?: readonly string[];
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
 * @throws RefusedError for names that aren't known
 */
export function decideDeploy(
  settings: Settings,
  stacks: readonly SynthesizedStack[],
  live: string | undefined,
  request: DeployRequest,
): DeployDecision {
  const { apiEnvironments, initialStacks } = settings;
  const target = live ?? apiEnvironments[0] ?? '';
  const known = [...apiEnvironments, PREVIEW];
  if (request.environment !== undefined && request.stacks !== undefined) {
    throw new RefusedError('Give either an environment or --stack: --stack applies exactly the stacks that it names.');
  }
  requireEnvironment(request.environment, known);
  const chosen = chooseStacks(stacks, { known, live, target, apiEnvironments, request });
  const environments = known.filter((name) => chosen.some(({ kind }) => kind === name));
  return {
    isFirst: live === undefined,
    target,
    environments,
    touchesLive: live !== undefined && environments.includes(live),
    steps: inOrder(chosen, [...initialStacks, 'api', ...known]),
  };
}

/** The environment that a deploy goes to by itself: in the settings' order, the one after the target. */
export function idleEnvironment(apiEnvironments: readonly string[], target: string): string {
  const next = (apiEnvironments.indexOf(target) + 1) % apiEnvironments.length;
  return apiEnvironments[next] ?? target;
}

function chooseStacks(
  stacks: readonly SynthesizedStack[],
  options: {
    readonly known: readonly string[];
    readonly live: string | undefined;
    readonly target: string;
    readonly apiEnvironments: readonly string[];
    readonly request: DeployRequest;
  },
): readonly SynthesizedStack[] {
  const { known, live, target, apiEnvironments, request } = options;
  if (request.stacks !== undefined) return selectStacks(stacks, request.stacks);
  if (live === undefined) return stacks;
  const wanted = [request.environment ?? idleEnvironment(apiEnvironments, target), PREVIEW];
  return stacks.filter(({ kind }) => !known.includes(kind) || wanted.includes(kind));
}

function requireEnvironment(name: string | undefined, known: readonly string[]): void {
  if (name === undefined || known.includes(name)) return;
  throw new RefusedError(
    `There is no environment ${JSON.stringify(name)}, allowed are ${known.join(', ')}.${didYouMean(name, known)}`,
  );
}
