import type { Command, Option } from 'commander';
import { didYouMean } from '#stacks/settings/problem.ts';

/** A command line, taken apart as commander takes it. */
export interface Words {
  /** The innermost command that it names. */
  readonly command: Command;
  readonly operands: readonly string[];
  readonly values: readonly { readonly option: Option; readonly value: string }[];
  /** Unknown options and options without their value, in sentences. */
  readonly problems: readonly string[];
  readonly asksForHelp: boolean;
  /** How many operands stand before the first unknown option: any other may be that one's value. */
  readonly certain: number;
}

const NEGATIVE_NUMBER = /^-(\d+|\d*\.\d+)(e[+-]?\d+)?$/;

/** Takes a command line apart without running anything. Options belong to the command before them. */
export function readWords(program: Command, args: readonly string[]): Words {
  const rest = [...args];
  const operands: string[] = [];
  const values: { option: Option; value: string }[] = [];
  const problems: string[] = [];
  let command = program;
  let asksForHelp = false;
  let certain = Number.POSITIVE_INFINITY;
  let variadic: Option | undefined;

  /** @param glued - value that stands in the same word: `--port=1`, `-p1` */
  const takeValue = (option: Option, glued: string | undefined) => {
    const next = rest[0];
    const isFree = next !== undefined && (option.required ? find(command, next) === undefined : !isOption(next));
    const value = glued ?? (isFree ? rest.shift() : undefined);
    if (value !== undefined) values.push({ option, value });
    else if (option.required) problems.push(`${option.long ?? option.flags} needs a value: ${option.flags}`);
    variadic = option.variadic && value !== undefined ? option : undefined;
  };
  const takeOption = (word: string) => {
    const [flag = word, glued] = split(word);
    const option = find(command, word) ?? find(command, flag);
    const takes = option?.required || option?.optional;
    if (option !== undefined && takes) return takeValue(option, is(option, word) ? undefined : glued);
    if (option !== undefined && is(option, word)) return;
    // -vy: several flags in one word
    if (option !== undefined && !word.startsWith('--')) return takeOption(`-${word.slice(2)}`);
    if (word === '-h' || word === '--help') asksForHelp = true;
    else problems.push(`There is no option ${flag}.${didYouMean(flag, longFlags(command))}`);
    certain = Math.min(certain, operands.length);
  };

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      operands.push(...rest.splice(0));
    } else if (isOption(word)) {
      variadic = undefined;
      takeOption(word);
    } else if (variadic !== undefined) {
      values.push({ option: variadic, value: word });
    } else {
      const nested = operands.length === 0 ? command.commands.find((each) => isCalled(each, word)) : undefined;
      asksForHelp ||= command.commands.length > 0 && operands.length === 0 && word === 'help';
      if (nested === undefined) operands.push(word);
      else command = nested;
    }
  }
  return { command, operands, values, problems, asksForHelp, certain };
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && word !== '--' && !NEGATIVE_NUMBER.test(word);
}

function isCalled(command: Command, word: string): boolean {
  return command.name() === word || command.aliases().includes(word);
}

function find(command: Command, flag: string): Option | undefined {
  return command.options.find((option) => is(option, flag));
}

function is({ long, short }: Option, flag: string): boolean {
  return long === flag || short === flag;
}

/** `--port=1` → `--port`, `1`; `-p1` → `-p`, `1` */
function split(word: string): [flag: string, glued?: string] {
  if (!word.startsWith('--')) return [word.slice(0, 2), word.length > 2 ? word.slice(2) : undefined];
  const at = word.indexOf('=');
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function longFlags(command: Command): string[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ long }) => long ?? []);
}
