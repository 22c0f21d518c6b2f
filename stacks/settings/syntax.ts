import type { Mistake } from './mistake.ts';
import { shown } from './mistake.ts';
import { readWord, unquotedProblem } from './shell-word.ts';
import { sourceLines } from './source-lines.ts';

/** A value with the line that it stands on, counted from 1. */
export interface Word {
  readonly text: string;
  readonly line: number;
}

/** `KEY=value`, `KEY=( … )`, or one whose value has a mistake, which is reported already. */
export type Assignment =
  | { readonly kind: 'broken'; readonly name: string; readonly line: number }
  | { readonly kind: 'list'; readonly name: string; readonly line: number; readonly words: readonly Word[] }
  | { readonly kind: 'text'; readonly name: string; readonly line: number; readonly text: string };

export interface Syntax {
  /** One per name: what is given a second time is a mistake and left out. */
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly mistakes: readonly Mistake[];
  /** Number of the last line, at least 1. */
  readonly lastLine: number;
}

/** An assignment's reading: `next` is the index of the first line behind it. */
interface Reading {
  readonly assignment: Assignment;
  readonly mistakes: readonly Mistake[];
  readonly next: number;
}

const nothing = /^[ \t]*(?:#.*)?$/;
const assignmentStart = /^[ \t]*([A-Za-z_]\w*)=/;
/** What no list can hold: another list. */
const listStart = /^[ \t]*[A-Za-z_]\w*=\(/;
const keyAtLineStart = /^[A-Z][A-Z0-9_]*=/;
const comment = /[ \t]*(?:#.*)?$/y;

/**
 * Reads shell-style assignments without a shell: the values are those that bash gets when it sources the file, and a file that would need
 * evaluation is refused. One mistake is reported per line; reading goes on behind it.
 */
export function parseSyntax(text: string): Syntax {
  const { lines, mistakes: characterMistakes } = sourceLines(text);
  const mistakes: Mistake[] = [...characterMistakes];
  const assignments = new Map<string, Assignment>();
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    const name = assignmentStart.exec(line)?.[1];
    if (name === undefined) {
      if (!nothing.test(line)) mistakes.push({ line: index + 1, message: notAnAssignment(line) });
      index += 1;
      continue;
    }
    const start = line.indexOf('=') + 1;
    const reading = line[start] === '(' ? readList(lines, index, name, start + 1) : readText(line, index, name, start);
    mistakes.push(...reading.mistakes);
    const first = assignments.get(name);
    if (first === undefined) {
      assignments.set(name, reading.assignment);
    } else {
      const message = `got ${name} a second time, allowed: once. It is set on line ${first.line} already: delete one of them.`;
      mistakes.push({ line: index + 1, message });
    }
    index = reading.next;
  }
  return { assignments, mistakes, lastLine: lines.length };
}

function readText(line: string, index: number, name: string, start: number): Reading {
  const number = index + 1;
  const word = readWord(line, start);
  const problem = 'problem' in word ? word.problem : trailingProblem(line, word.end, start);
  const assignment: Assignment =
    'problem' in word || problem !== undefined
      ? { kind: 'broken', name, line: number }
      : { kind: 'text', name, line: number, text: word.text };
  return { assignment, mistakes: mistakesOf(number, name, problem), next: index + 1 };
}

function readList(lines: readonly string[], first: number, name: string, start: number): Reading {
  const words: Word[] = [];
  const mistakes: Mistake[] = [];
  for (let index = first; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (index > first && listStart.test(line)) break;
    const { closed, problem } = readListLine(line, index === first ? start : 0, index + 1, words);
    mistakes.push(...mistakesOf(index + 1, name, problem));
    if (closed) return { assignment: listOf(name, first + 1, words, mistakes), mistakes, next: index + 1 };
  }
  // Without its end the list would swallow the rest of the file, and hide what is wrong there: go on at the next line that looks like a key.
  const after = lines.findIndex((line, index) => index > first && keyAtLineStart.test(line));
  const next = after < 0 ? lines.length : after;
  const unclosed = `${name}: got ( without ), allowed: ${name}=( "a" "b" ) on one or several lines. Add ) behind the last value.`;
  return {
    assignment: { kind: 'broken', name, line: first + 1 },
    mistakes: [{ line: first + 1, message: unclosed }, ...mistakes.filter(({ line }) => line <= next)],
    next,
  };
}

function listOf(name: string, line: number, words: readonly Word[], mistakes: readonly Mistake[]): Assignment {
  return mistakes.length > 0 ? { kind: 'broken', name, line } : { kind: 'list', name, line, words };
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
    if (problem !== undefined) return { closed: /\)[ \t]*(?:#.*)?$/.test(line), problem };
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

function mistakesOf(line: number, name: string, problem: string | undefined): readonly Mistake[] {
  return problem === undefined ? [] : [{ line, message: `${name}: ${problem}` }];
}

function notAnAssignment(line: string): string {
  const text = line.trim();
  const got = `got ${shown(text)}, allowed: KEY="value", KEY=( "a" "b" ), a comment or an empty line.`;
  const keyword = /^(export|readonly|declare|typeset|local)[ \t]/.exec(text)?.[1];
  if (keyword !== undefined) return `${got} Delete ${shown(keyword)}.`;
  if (/^[A-Za-z_]\w*[ \t]+=/.test(text)) return `${got} Delete the blank before =.`;
  if (/^[A-Za-z_]\w*(\+|\[.*?\]\+?)=/.test(text)) return `${got} Give all values in one list.`;
  return `${got} Put # before it if it is a comment.`;
}
