import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argument, Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '#operator/program.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

const project = process.cwd();
let elsewhere: string;
beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'two-region-no-project-'));
  process.chdir(elsewhere);
});
afterAll(async () => {
  process.chdir(project);
  await rm(elsewhere, { recursive: true });
});

interface Line {
  readonly line: string;
  readonly args: readonly string[];
  readonly command: Command;
}

/** Every command that does something, with arguments that are allowed. */
const lines: readonly Line[] = commandsIn(createProgram(), []);

function commandsIn(command: Command, path: readonly string[]): Line[] {
  return command.commands.flatMap((each) => {
    const args = [...path, each.name()];
    const own = {
      line: args.join(' '),
      args: [...args, ...each.registeredArguments.flatMap(allowedWord)],
      command: each,
    };
    const isGroup = each.commands.length > 0 && each.options.length === 0;
    return [...(isGroup ? [] : [own]), ...commandsIn(each, args)];
  });
}

function allowedWord(argument: Argument): string[] {
  if (!argument.required) return [];
  const words: Readonly<Record<string, string>> = { path: '/test', name: 'domain_name' };
  return [argument.argChoices?.[0] ?? words[argument.name()] ?? 'dev'];
}

describe('every command', () => {
  it('is found by the tests below', () => {
    expect(lines.map(({ line }) => line)).toEqual(
      expect.arrayContaining(['deploy', 'local', 'local fail', 'params put']),
    );
  });

  it.each(lines)('$line: help with an example goes to stdout, exit code 0', async ({ line }) => {
    const { code, stdout, stderr } = await runHere([...line.split(' '), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: two-region ${line}`);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n.*two-region ${line}`, 's'));
  });

  it.each(lines)(
    '$line: mistakes go to stderr, all of them, exit code 2; stdout stays empty',
    async ({ line, args }) => {
      const { code, stdout, stderr } = await runHere([...args, '--nonsense', '--more-nonsense']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('There is no option --nonsense.');
      expect(stderr).toContain('There is no option --more-nonsense.');
      expect(stderr).toContain(`two-region ${line} --help`);
    },
  );

  it.each(lines)('$line --json: mistakes are one JSON document on stdout', async ({ args }) => {
    const { code, stdout, stderr } = await runHere([...args, '--json', '--nonsense']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      error: { name: 'UsageError', message: expect.stringContaining('--nonsense'), exitCode: 2 },
    });
  });

  const withJson = lines.filter(({ command }) => command.options.some((option) => option.long === '--json'));
  it.each(withJson)('$line --json: a failure is one JSON document on stdout, of the same shape', async ({ args }) => {
    const { code, stdout } = await runHere([...args, '--json']);
    expect(code).toBeGreaterThan(0);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { name: expect.stringMatching(/Error$/), message: expect.stringMatching(/./), exitCode: code },
    });
  });
});
