import type { Argument, Command, Option } from 'commander';
import { PREVIEW } from '#functions/environment.ts';
import { readWords } from '#operator/cli/usage/read-words.ts';
import type { KnownValues } from './known-values.ts';

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  /** One line; empty where the value says it all. */
  readonly description: string;
}

/**
 * What may stand in the place of the last word.
 *
 * @param words - of the command line, without `two-region`; the last one is being written, and may be empty
 * @returns nothing where any word may stand: the shell then offers files
 */
export function completeLine(program: Command, words: readonly string[], known: KnownValues): readonly Candidate[] {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  const { command, operands } = readWords(program, before);
  const isAfterDashes = before.includes('--');
  const [, flag = '', start = ''] = /^(--[^=]+)=(.*)$/.exec(word) ?? [];
  const glued = optionOf(command, flag);
  if (glued && !isAfterDashes) {
    const values = valuesOf(placeholder(glued), glued.argChoices, command, known);
    return values.filter((value) => value.startsWith(start)).map((value) => plain(`${flag}=${value}`));
  }
  const waiting = isAfterDashes ? undefined : waitingOption(command, before);
  const candidates = [
    ...(waiting ? valuesOf(placeholder(waiting), waiting.argChoices, command, known).map(plain) : []),
    ...(waiting && !waiting.variadic ? [] : nestedCommands(command, operands)),
    ...(waiting ? [] : operandValues(command, operands, known)),
    ...(word.startsWith('-') && !isAfterDashes && !needsValue(waiting, before) ? flagsOf(command, before) : []),
  ];
  return candidates.filter(({ value }) => value.startsWith(word));
}

/** The option whose value comes next: the last word, or one before it that takes several. */
function waitingOption(command: Command, before: readonly string[]): Option | undefined {
  const at = before.findLastIndex((each) => each.startsWith('-'));
  const option = optionOf(command, before[at] ?? '');
  if (option === undefined || !(option.required || option.optional)) return undefined;
  return option.variadic || at === before.length - 1 ? option : undefined;
}

/** Whether nothing but a value can come next. */
function needsValue(waiting: Option | undefined, before: readonly string[]): boolean {
  const last = before.at(-1);
  return waiting?.required === true && (last === waiting.long || last === waiting.short);
}

function optionOf({ options }: Command, flag: string): Option | undefined {
  return options.find(({ long, short }) => flag !== '' && (long === flag || short === flag));
}

/** `--stack <stacks...>` → `stacks` */
function placeholder({ flags }: Option): string {
  return /[<[]([\w-]+)/.exec(flags)?.[1] ?? '';
}

function nestedCommands(command: Command, operands: readonly string[]): Candidate[] {
  if (operands.length > 0) return [];
  return command.commands.map((each) => ({ value: each.name(), description: firstLine(each.description()) }));
}

function operandValues(command: Command, operands: readonly string[], known: KnownValues): Candidate[] {
  const declared: readonly Argument[] = command.registeredArguments;
  const last = declared.at(-1);
  const argument = declared[operands.length] ?? (last?.variadic ? last : undefined);
  if (argument === undefined) return [];
  const values = valuesOf(argument.name(), argument.argChoices, command, known);
  // Nothing that takes an environment as an argument takes preview, which always follows the newest code.
  const isFree = (value: string) => value !== PREVIEW && !(argument.variadic && operands.includes(value));
  return values.filter(isFree).map(plain);
}

/** Every flag but those that stand there already; one that may be given again stays. */
function flagsOf(command: Command, before: readonly string[]): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long, short, variadic }) => variadic || !before.some((word) => word === long || word === short))
    .flatMap(({ long, short, description }) => {
      const value = long ?? short;
      return value === undefined ? [] : [{ value, description: firstLine(description) }];
    });
}

/** The values that a placeholder of the help stands for. */
function valuesOf(
  name: string,
  choices: readonly string[] | undefined,
  command: Command,
  known: KnownValues,
): readonly string[] {
  if (choices !== undefined) return choices;
  if (name === 'name') return command.parent?.name() === 'params' ? known.parameters : [];
  const byName: Readonly<Record<string, readonly string[]>> = {
    environment: known.environments,
    method: ['GET', 'POST'],
    stage: known.stages,
    stages: known.stages,
    stacks: known.stacks,
  };
  return Object.hasOwn(byName, name) ? (byName[name] ?? []) : [];
}

function plain(value: string): Candidate {
  return { value, description: '' };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
