import { resolve } from 'node:path';
import { Command } from 'commander';
import { projectFolder } from '#stacks/settings/project-folder.ts';

/** `two-region synth`: writes the stacks of one stage as Terraform JSON. */
export function synthCommand(): Command {
  return new Command('synth')
    .description(
      'write the stacks of a stage as Terraform JSON; prints each stack and its file, and stops at what two-region lint finds',
    )
    .option('--stage <stage>', 'stage of settings.conf (default: the variable STAGE, else the first of STAGES)')
    .option('--outdir <folder>', 'where to write', (folder: string) => resolve(folder), 'cdktf.out')
    .option('--json', 'print one JSON document: stage, outdir, stacks')
    .addHelpText('after', '\nExamples:\n  two-region synth\n  two-region synth --stage prod --outdir build/prod --json')
    .action(
      async ({ stage = process.env.STAGE, outdir, ...flags }: { stage?: string; outdir: string; json?: true }) => {
        const [{ runCommand }, { synthesizeStage }, { loadStageContext }, { requireClean }] = await Promise.all([
          import('#operator/cli/run-command.ts'),
          import('#operator/terraform/synthesize-stage.ts'),
          import('#operator/cli/stage-context.ts'),
          import('#operator/lint/run-lint.ts'),
        ]);
        const work = async () => {
          const synthesis = await synthesizeStage({ directory: projectFolder(), stage, outdir });
          await requireClean(loadStageContext(synthesis.stage), synthesis);
          return synthesis;
        };
        await runCommand(flags, work, {
          text: ({ stacks }) => stacks.map(({ name, file }) => `${name}\t${file}`).join('\n'),
          document: (synthesis) => ({ stage: synthesis.stage, outdir: synthesis.outdir, stacks: synthesis.stacks }),
        });
      },
    );
}
