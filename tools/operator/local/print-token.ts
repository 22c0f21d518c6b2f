import { connectControl } from '#local/control/client.ts';
import { type CommandFlags, runCommand } from '#operator/cli/run-command.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

export interface TokenFlags extends CommandFlags {
  readonly sub: string;
  readonly scope?: readonly string[];
  /** Milliseconds. */
  readonly expires: number;
}

/** Prints a token of the runtime in the working directory; it is the only line on stdout. */
export function printToken(flags: TokenFlags): Promise<void> {
  const { sub, scope = [], expires } = flags;
  // `--scope "a b"` as OAuth writes it, `--scope a b` as shells do.
  const scopes = scope.flatMap((words) => words.split(/\s+/)).filter((word) => word !== '');
  const work = async () =>
    (await connectControl(projectFolder())).token({ sub, scopes, lifetimeSeconds: Math.ceil(expires / 1000) });
  return runCommand(flags, work, { text: ({ token }) => token });
}
