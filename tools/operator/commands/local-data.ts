import { Command } from 'commander';

interface ResetFlags {
  readonly data?: string;
  readonly yes: boolean;
  readonly json?: true;
}

/** `two-region local reset`: tables, objects and parameters as they were at the first start. */
export function resetCommand(): Command {
  return new Command('reset')
    .description(
      'empty tables and buckets and set parameters back, of the running runtime or of a folder that --data kept',
    )
    .option('--data <folder>', 'delete what is kept there, damaged or not; no runtime may be using it')
    .option('--yes', 'do not ask', false)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  two-region local reset\n  two-region local reset --data .two-region/data --yes',
    )
    .action(async (flags: ResetFlags) => {
      const { resetData } = await import('#operator/local/change-data.ts');
      await resetData(flags);
    });
}

/** `two-region local seed <file>`: writes what a file holds. */
export function seedCommand(): Command {
  return new Command('seed')
    .description('write items, objects and parameters of a file into the running runtime; what is there besides stays')
    .argument('<file>', 'JSON as export prints it, or - for stdin')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Tables and buckets may be named by the end of their names. Either all is written or, where something is wrong, nothing. What is written in
one region replicates as any other write.

Examples:
  two-region local seed sample-data.json
  echo '{"primary":{"tables":{"user":[{"id":{"S":"a1B2c3D4"},"name":{"S":"Ada"}}]}}}' | two-region local seed -`,
    )
    .action(async (file: string, flags: { json?: true }) => {
      const { seedData } = await import('#operator/local/change-data.ts');
      await seedData(file, flags);
    });
}

/** `two-region local export`: everything that both regions hold, as JSON. */
export function exportCommand(): Command {
  return new Command('export')
    .description('print what tables, buckets and Parameter Store of the running runtime hold, as JSON that seed reads')
    .addHelpText('after', '\nExamples:\n  two-region local export > sample-data.json')
    .action(async () => {
      const { exportData } = await import('#operator/local/change-data.ts');
      await exportData();
    });
}
