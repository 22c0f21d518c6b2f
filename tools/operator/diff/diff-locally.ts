import type { ReleaseChange } from '#local/release/release-changes.ts';
import { columns } from '#operator/cli/columns.ts';
import { UsageError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { type RunningStage, runningStage } from '#operator/cli/running-stage.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { type LocalDeployPorts, requireKnown, theTarget } from '#operator/deploy/deploy-locally.ts';
import { changeLine } from '#operator/deploy/describe-local-deploy.ts';
import { inReleaseFolder } from '#operator/deploy/release-folder.ts';
import { idleEnvironment } from '#operator/live/target.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

/** What `deploy --local` would change. */
export interface LocalDiff {
  readonly stage: string;
  /** That receives the traffic. */
  readonly target: string;
  readonly environment: string;
  readonly changes: readonly ReleaseChange[];
}

/**
 * Compares the present code with what an environment of the running local runtime serves.
 *
 * @param environment - @default - the one that does not receive the traffic
 * @throws RefusedError, and what the synthesis or the runtime has found wrong
 */
export async function diffLocally(
  { context: { settings, stage }, control }: RunningStage,
  environment: string | undefined,
  directory: string,
  ports: Pick<LocalDeployPorts, 'onPhase' | 'synthesize'>,
): Promise<LocalDiff> {
  const target = theTarget(await control.regions());
  const chosen = environment ?? idleEnvironment(settings.apiEnvironments, target);
  requireKnown(chosen, settings.apiEnvironments);
  return inReleaseFolder(directory, async (outdir) => {
    ports.onPhase('synthesizing');
    const synthesis = await ports.synthesize({ directory, stage, outdir });
    ports.onPhase('comparing');
    const changes = await control.plan({ environment: chosen, synthesis });
    return { stage, target, environment: chosen, changes };
  });
}

/** Prints what `deploy --local` would change; exit code 2 when it would change something. */
export function runLocalDiff(
  stage: string,
  words: readonly string[],
  flags: { readonly details?: true; readonly json?: true },
): Promise<void> {
  const [environment, ...others] = words;
  if (others.length > 0 || flags.details) {
    throw new UsageError(
      'With --local there are no stacks to name, nor plans to detail: give an environment, or nothing for the idle one.',
    );
  }
  return runCommand(
    flags,
    async ({ view }) =>
      diffLocally(await runningStage(stage), environment, projectFolder(), {
        synthesize: synthesizeStage,
        onPhase: (phase) => view.phase(phase),
      }),
    {
      text: describeLocalDiff,
      exitCode: ({ changes }) => (changes.length === 0 ? ExitCode.Done : ExitCode.Usage),
    },
  );
}

/** A table of what would change. */
export function describeLocalDiff({ stage, target, environment, changes }: LocalDiff, colors: Colors): string {
  if (changes.length === 0) return `${environment} serves the present code.`;
  const live = changes.some((change) => change.live);
  return [
    `${environment} would get (traffic goes to ${target}):`,
    ...columns(changes.map(changeLine)).map((line) => `  ${line}`),
    ...(live ? [colors.yellow('LIVE: every environment has it at once.')] : []),
    '',
    `Release it: two-region deploy ${stage} ${environment} --local`,
  ].join('\n');
}
