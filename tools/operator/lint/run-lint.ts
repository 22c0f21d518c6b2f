import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand } from '#operator/cli/run-command.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { describeLint } from './describe-lint.ts';
import { type LintReport, lintStage } from './lint-stage.ts';
import { LintedStage } from './linted-stage.ts';
import { sarifOf } from './sarif.ts';

interface LintFlags {
  /** Path of a file that is written. */
  readonly sarif?: string;
  readonly json?: true;
}

/** Synthesizes a stage and prints what makes it fail when a region is lost or a release is switched; exit code 2 where something does. */
export function runLint(stage: string, { sarif, ...flags }: LintFlags): Promise<void> {
  return runCommand(
    flags,
    async ({ view }) => {
      const context = loadStageContext(stage);
      const outdir = await mkdtemp(join(tmpdir(), 'two-region-lint-'));
      try {
        view.phase('synthesizing');
        const report = await lintSynthesis(
          context,
          await synthesizeStage({ directory: projectFolder(), stage, outdir }),
        );
        if (sarif !== undefined) writeFileSync(sarif, `${JSON.stringify(sarifOf(report), undefined, 2)}\n`);
        return report;
      } finally {
        await rm(outdir, { recursive: true, force: true });
      }
    },
    REPORT,
  );
}

const REPORT: CommandReport<LintReport> = {
  text: describeLint,
  exitCode: (report) => (isClean(report) ? ExitCode.Done : ExitCode.Usage),
};

/** @throws LintError with all that was found in what was synthesized, and is not allowed */
export async function requireClean(context: StageContext, synthesis: Synthesis): Promise<void> {
  const report = await lintSynthesis(context, synthesis);
  if (!isClean(report)) throw new LintError(describeLint(report, pc.createColors(false)));
}

class LintError extends Error {
  override readonly name = 'LintError';
  readonly exitCode = ExitCode.Usage;
}

/** Whether everything that was found is allowed, and everything that is allowed was found. */
function isClean({ findings, unused }: LintReport): boolean {
  return unused.length === 0 && findings.every(({ allowed }) => allowed !== undefined);
}

/** Looks at what was synthesized, with the local runtime's parameters in the place of Parameter Store's. */
async function lintSynthesis(context: StageContext, synthesis: Synthesis): Promise<LintReport> {
  const [{ evaluateStacks }, { operations }] = await Promise.all([
    import('#local/terraform/evaluate.ts'),
    import('#contract/index.ts'),
  ]);
  const stacks = await readStacks(synthesis.outdir);
  const { variables, parameters } = synthesis;
  const { resources } = evaluateStacks(stacks, { variables, parameter: (_region, name) => parameters[name] });
  return lintStage(new LintedStage(context, operations, stacks, resources));
}
