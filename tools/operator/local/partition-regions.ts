import { connectControl } from '#local/control/client.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

/** Cuts the regions of the runtime in the working directory off from each other, or ends that, and prints what it is now. */
export function partitionRegions({ end, json }: { readonly end?: true; readonly json?: true }): Promise<void> {
  return runCommand(
    { json },
    async () => {
      const client = await connectControl(projectFolder());
      const { partitioned } = await client.setPartitioned(end === undefined);
      return { partitioned };
    },
    {
      text: ({ partitioned }) =>
        partitioned
          ? 'The regions are cut off from each other: both serve, and what is written in one stays there.\nEnd it: two-region local partition --end'
          : 'The regions reach each other: what was written meanwhile replicates, the last writer of an item wins.',
    },
  );
}
