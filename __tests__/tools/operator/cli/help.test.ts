import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES, ExitCode } from '#operator/cli/exit-codes.ts';
import { createProgram } from '#operator/program.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

/** Every command of the tree with the words that lead to it. */
function commandsIn(command: Command, path: readonly string[]): { line: string; command: Command }[] {
  return command.commands.flatMap((each) => {
    const words = [...path, each.name()];
    return [{ line: words.join(' '), command: each }, ...commandsIn(each, words)];
  });
}

describe('help', () => {
  const commands = commandsIn(createProgram(), []);

  it.each(commands)('$line: says what the command, each argument and each option is for', ({ command }) => {
    const nameless = [
      ...(command.description() ? [] : ['the command']),
      ...command.registeredArguments.filter(({ description }) => !description).map((argument) => argument.name()),
      ...command.options.filter(({ description }) => !description).map(({ flags }) => flags),
    ];
    expect(nameless).toEqual([]);
  });

  it.each(commands)('$line: has an example and the exit codes', async ({ line }) => {
    const { stdout } = await runHere([...line.split(' '), '--help']);
    expect(stdout).toMatch(new RegExp(`\\nExamples?:\\n.*two-region ${line}`, 's'));
    expect(stdout).toMatch(/\nExit codes: 0 done, 1 failed, 2 .+, 3 .+, 4 .+\.\n$/);
  });

  it('explains every exit code that there is', () => {
    expect(Object.keys(EXIT_CODES).map(Number)).toEqual(Object.values(ExitCode));
  });
});
