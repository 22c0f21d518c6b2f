import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { errorReason } from '#functions/error-reason.ts';
import { connectControl } from '#local/control/client.ts';
import { DataError } from '#local/data/data-error.ts';
import { deleteKeptData } from '#local/data/data-folder.ts';
import { SERVICE_NAMES } from '#local/runtime/aws-services.ts';
import { confirmBeginning } from '#operator/cli/confirm.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

interface Reset {
  readonly data?: string;
  readonly yes: boolean;
  readonly json?: true | undefined;
}

/** Makes the data of the running runtime, or of a folder, what it was at the first start. @throws RefusedError, CancelledError, DataError */
export function resetData({ data, yes, json }: Reset): Promise<void> {
  return runCommand(
    { json },
    async () => {
      if (data === undefined) {
        const client = await connectControl(projectFolder());
        await confirmBeginning('All items, objects and parameters of the running runtime go.', yes);
        await client.reset();
        return { reset: 'runtime' };
      }
      const folder = resolve(data);
      await confirmBeginning(`All that is kept in ${folder} goes.`, yes);
      deleteKeptData(folder, SERVICE_NAMES);
      return { reset: folder };
    },
    {
      text: ({ reset }) =>
        reset === 'runtime'
          ? 'Tables and buckets are empty, parameters are as in the settings.'
          : `Nothing is kept in ${reset} any more.`,
    },
  );
}

/** Writes what a file holds into the running runtime. @throws DataError with everything that is wrong in it */
export function seedData(file: string, { json }: { readonly json?: true }): Promise<void> {
  return runCommand(
    { json },
    async () => {
      const client = await connectControl(projectFolder());
      const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
      return client.fill(parse(file, content));
    },
    {
      text: ({ items, objects, parameters }) =>
        `Written: ${items} items, ${objects} objects, ${parameters} parameters.`,
    },
  );
}

/** Prints what the running runtime holds. */
export function exportData(): Promise<void> {
  return runCommand({}, async () => (await connectControl(projectFolder())).contents(), {
    text: (contents) => JSON.stringify(contents, undefined, 2),
  });
}

function parse(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new DataError(`${file === '-' ? 'stdin' : file} is not valid JSON: ${errorReason(error)}`);
  }
}
