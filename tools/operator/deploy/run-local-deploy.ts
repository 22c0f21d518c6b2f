import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { columns } from '#operator/cli/columns.ts';
import { confirm } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { deployLocally, type LocalDeployReport } from './deploy-locally.ts';

interface LocalDeployFlags {
  readonly yes?: true;
  readonly json?: true;
}

/** Releases the present code in the local runtime of the working directory. @throws what refuses it; nothing has changed then */
export function runLocalDeploy(stage: string, environment: string | undefined, flags: LocalDeployFlags): Promise<void> {
  return runCommand(
    flags,
    async ({ view }) => {
      const directory = projectFolder();
      return deployLocally(await runningStage(stage), environment, directory, {
        checkTypes,
        synthesize: synthesizeStage,
        confirmLive: (live) => confirm({ what: `${live} receives live traffic.`, word: live, yes: flags.yes === true }),
        onPhase: (phase) => view.phase(phase),
      });
    },
    { text: describeLocalDeploy },
  );
}

/** What a local deploy came to, and what comes next. */
export function describeLocalDeploy(report: LocalDeployReport, colors: Colors): string {
  const { stage, target, environment, versions } = report;
  const changed = versions.filter(({ before, version }) => before !== version);
  const rows = changed.map(({ function: name, region, before, version }) => [
    name,
    region,
    before === undefined ? `new: ${version}` : `${before} → ${version}`,
  ]);
  return [
    `${colors.green('✓')} ${environment} has the release in both regions. Traffic goes to ${target}, as before.`,
    ...(rows.length === 0 ? ['  No function has changed.'] : columns(rows).map((row) => `  ${row}`)),
    ...(environment === target ? [] : ['', `Next: two-region switch ${stage} ${environment} --local`]),
  ].join('\n');
}

/** Synthesis bundles without a look at types. */
async function checkTypes(directory: string): Promise<void> {
  const compiler = join(directory, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [compiler, '--noEmit', '--pretty', 'false'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [found, exitCode] = await Promise.all([
    text(child.stdout),
    new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    }),
  ]);
  if (exitCode === 0) return;
  throw new RefusedError(`Nothing was released: the code has mistakes of types.\n${found.trim()}`);
}
