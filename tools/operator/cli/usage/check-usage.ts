import type { Argument, Command, Option } from 'commander';
import { UsageError } from '#operator/cli/errors.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import { readWords } from './read-words.ts';

/**
 * Finds every problem of a command line before anything runs; commander itself stops at the first. What depends on more than one flag
 * (conflicts) is left to commander, and so is a line that asks for help.
 *
 * @param args - without `node` and the script
 * @throws UsageError
 */
export function checkUsage(program: Command, args: readonly string[]): void {
  const words = readWords(program, args);
  const { command, values, operands, asksForHelp, certain } = words;
  if (asksForHelp) return;
  const problems = [
    ...words.problems,
    ...values.flatMap(({ option, value }) => wrongValue(nameOf(option), option, value)),
    ...(command.commands.length > 0 ? unknownCommand(command, operands) : wrongOperands(command, operands, certain)),
  ];
  if (problems.length === 0) return;
  throw new UsageError([...problems, `${pathOf(command)} --help shows what is allowed.`].join('\n'));
}

function unknownCommand(command: Command, [word]: readonly string[]): string[] {
  if (word === undefined) return [];
  const names = command.createHelp().visibleCommands(command);
  return [
    `There is no command ${JSON.stringify(word)}.${didYouMean(
      word,
      names.map((each) => each.name()),
    )}`,
  ];
}

/** @param certain - how many of the operands are ones for certain */
function wrongOperands(command: Command, operands: readonly string[], certain: number): string[] {
  const declared = command.registeredArguments;
  const problems = declared.flatMap((argument, at) => {
    const given = argument.variadic ? operands.slice(at) : operands.slice(at, at + 1);
    if (given.length === 0) return argument.required ? [`<${argument.name()}> is missing.`] : [];
    return given
      .slice(0, Math.max(0, certain - at))
      .flatMap((value) => wrongValue(`<${argument.name()}>`, argument, value));
  });
  const isVariadic = declared.at(-1)?.variadic === true;
  const excess = isVariadic || certain < operands.length ? [] : operands.slice(declared.length);
  if (excess.length === 0) return problems;
  const allowed = declared.map((argument) => argument.name()).join(', ') || 'none';
  const words = excess.map((word) => JSON.stringify(word)).join(', ');
  return [...problems, `Too many arguments: ${words}. Allowed: ${allowed}.`];
}

function wrongValue(name: string, { parseArg }: Pick<Argument | Option, 'parseArg'>, value: string): string[] {
  try {
    parseArg?.(value, undefined);
    return [];
  } catch (error) {
    // Parsers refuse a value by an InvalidArgumentError, whose message says what is allowed.
    if (error instanceof Error && 'code' in error && error.code === 'commander.invalidArgument') {
      return [`${name} is ${JSON.stringify(value)}. ${error.message}`];
    }
    throw error;
  }
}

function nameOf({ long, short, flags }: Option): string {
  return long ?? short ?? flags;
}

/** `two-region params put` */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
