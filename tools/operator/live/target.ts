import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { RegionType } from '#stacks/context.ts';
import type { RegionTarget } from './live-region.ts';

/** The public names don't lead to one environment, and nobody said which one is right. */
export class TargetDisagreementError extends Error {
  override readonly name = 'TargetDisagreementError';
  readonly exitCode = ExitCode.Usage;
}

/**
 * The environment that receives live traffic. A mapping that isn't there yet says nothing, so that a first deploy which broke off can be
 * continued.
 *
 * @param take - region whose word counts where the mappings disagree
 * @returns `undefined` before the first deploy
 * @throws TargetDisagreementError where they disagree and `take` doesn't settle it
 */
export function liveTarget(targets: readonly RegionTarget[], take?: RegionType): string | undefined {
  const everywhere = environmentsOf(targets);
  if (everywhere.length <= 1) return everywhere[0];
  const taken = take === undefined ? [] : environmentsOf(targets.filter(({ regionType }) => regionType === take));
  if (taken.length === 1) return taken[0];
  throw new TargetDisagreementError(describeDisagreement(targets, take));
}

/** The environment that a deploy goes to by itself: in the settings' order, the one after the target. */
export function idleEnvironment(apiEnvironments: readonly string[], target: string): string {
  const next = (apiEnvironments.indexOf(target) + 1) % apiEnvironments.length;
  return apiEnvironments[next] ?? target;
}

/** Whether the mappings lead to different environments. */
export function disagree(targets: readonly RegionTarget[]): boolean {
  return environmentsOf(targets).length > 1;
}

function environmentsOf(targets: readonly RegionTarget[]): readonly string[] {
  return [...new Set(targets.flatMap(({ rest, http }) => [rest, http].filter((name) => name !== undefined)))];
}

function describeDisagreement(targets: readonly RegionTarget[], take: RegionType | undefined): string {
  const lines = targets.map(
    ({ regionType, region, rest, http }) =>
      `  ${regionType} (${region}): REST ${rest ?? 'not mapped'}, HTTP ${http ?? 'not mapped'}`,
  );
  const remedy =
    take === undefined
      ? 'Say whose target is right: --take primary or --take secondary. The other mappings are moved to it.'
      : `--take ${take} does not settle it: that region's own names don't lead to one environment. Take the other region, or switch to an environment by name.`;
  return ['The public names do not lead to one environment:', ...lines, remedy].join('\n');
}
