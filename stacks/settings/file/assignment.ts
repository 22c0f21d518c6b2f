import { type Problem, shown } from '#stacks/settings/problem.ts';

import { readWord, unquotedProblem } from './shell-word.ts';

/** A value with the line that it stands on, counted from 1. */
export interface Word {
  readonly text: string;
  readonly line: number;
}

/** `KEY=value`, `KEY=( … )`, or one whose value has a problem, which is reported already. */
export type Assignment =
  | { readonly kind: 'broken'; readonly name: string; readonly line: number }
  | { readonly kind: 'list'; readonly name: string; readonly line: number; readonly words: readonly Word[] }
  | { readonly kind: 'text'; readonly name: string; readonly line: number; readonly text: string };

/** An assignment's reading: `next` is the index of the first line behind it. */
export interface Reading {
  readonly assignment: Assignment;
  readonly problems: readonly Problem[];
  readonly next: number;
}

/** What no list can hold: another list. */
const listStart = /^[ \t]*[A-Za-z_]\w*=\(/;
const keyAtLineStart = /^[A-Z][A-Z0-9_]*=/;
const comment = /[ \t]*(?:#.*)?$/sy;

/**
 * Reads the value that follows `name=`.
 *
 * @param index - of the line that the assignment starts on
 * @param start - column behind `=`
 */
export function readAssignment(lines: readonly string[], index: number, name: string, start: number): Reading {
  const line = lines[index] ?? '';
  return line[start] === '(' ? readList(lines, index, name, start + 1) : readText(line, index, name, start);
}

function readText(line: string, index: number, name: string, start: number): Reading {
  const number = index + 1;
  const word = readWord(line, start);
  const problem = 'problem' in word ? word.problem : trailingProblem(line, word.end, start);
  const assignment: Assignment =
    'problem' in word || problem !== undefined
      ? { kind: 'broken', name, line: number }
      : { kind: 'text', name, line: number, text: word.text };
  return { assignment, problems: problemsOf(number, name, problem), next: index + 1 };
}

function readList(lines: readonly string[], first: number, name: string, start: number): Reading {
  const words: Word[] = [];
  const problems: Problem[] = [];
  for (let index = first; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (index > first && listStart.test(line)) break;
    const { closed, problem } = readListLine(line, index === first ? start : 0, index + 1, words);
    problems.push(...problemsOf(index + 1, name, problem));
    if (closed) return { assignment: listOf(name, first + 1, words, problems), problems, next: index + 1 };
  }
  // Without its end the list would swallow the rest of the file, and hide what is wrong there: go on at the next line that looks like a key.
  const after = lines.findIndex((line, index) => index > first && keyAtLineStart.test(line));
  const next = after < 0 ? lines.length : after;
  const unclosed = `${name}: got ( without ), allowed: ${name}=( "a" "b" ) on one or several lines. Add ) behind the last value.`;
  return {
    assignment: { kind: 'broken', name, line: first + 1 },
    problems: [{ line: first + 1, message: unclosed }, ...problems.filter(({ line }) => line <= next)],
    next,
  };
}

function listOf(name: string, line: number, words: readonly Word[], problems: readonly Problem[]): Assignment {
  return problems.length > 0 ? { kind: 'broken', name, line } : { kind: 'list', name, line, words };
}

/** Adds the line's words to `words`; a problem ends the line, and its `)` still ends the list. */
function readListLine(
  line: string,
  start: number,
  number: number,
  words: Word[],
): { closed: boolean; problem?: string } {
  let at = start;
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    if (at >= line.length || line[at] === '#') return { closed: false };
    if (line[at] === ')') {
      const problem = listTrailingProblem(line, at + 1);
      return problem === undefined ? { closed: true } : { closed: true, problem };
    }
    const word = readWord(line, at);
    const problem = 'problem' in word ? word.problem : line[word.end] === '(' ? unquotedProblem('(') : undefined;
    if (problem !== undefined) return { closed: /\)[ \t]*(?:#.*)?$/s.test(line), problem };
    if ('text' in word) words.push({ text: word.text, line: number });
    at = word.end;
  }
}

function listTrailingProblem(line: string, end: number): string | undefined {
  if (line[end] === '#') return 'got # right behind ), allowed: a blank between them. Put a blank before the comment.';
  return trailingProblem(line, end, end);
}

function trailingProblem(line: string, end: number, start: number): string | undefined {
  comment.lastIndex = end;
  if (comment.test(line)) return undefined;
  const rest = line.slice(end);
  const [first = ''] = rest.trimStart();
  if (';|&<>()'.includes(first)) return unquotedProblem(first);
  const fix =
    end === start && rest !== rest.trimStart() ? 'Delete the blank behind =' : 'Put quotes around the whole value';
  return `got ${shown(rest.trim())} behind the value, allowed: a comment, or nothing. ${fix}.`;
}

function problemsOf(line: number, name: string, problem: string | undefined): readonly Problem[] {
  return problem === undefined ? [] : [{ line, message: `${name}: ${problem}` }];
}
