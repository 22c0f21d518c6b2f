import { connectControl } from '#local/control/client.ts';
import type { UnusedPermissions } from '#local/control/protocol.ts';
import { columns } from '#operator/cli/columns.ts';
import { type CommandFlags, runCommand } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

/** Prints what policies allow and no call to the runtime in the working directory has used. */
export function listPermissions(flags: CommandFlags): Promise<void> {
  const unused = async () => (await connectControl(projectFolder())).unusedPermissions();
  return runCommand(flags, unused, { text: describePermissions });
}

/** A table with a line for each action of a role on a resource, as the policies name them. */
export function describePermissions({ unused }: UnusedPermissions, colors: Colors): string {
  if (unused.length === 0) return colors.green('Calls have used everything that the policies allow.');
  const rows = unused.flatMap(({ role, action, resources, usedElsewhere }) =>
    resources.map((resource) => [role, action, resource, usedElsewhere ? 'used on another resource' : '']),
  );
  const [header = '', ...lines] = columns([['ROLE', 'ACTION', 'RESOURCE', ''], ...rows]);
  return [colors.bold(header), ...lines].join('\n');
}
