import { type Problem, shown } from '#stacks/settings/problem.ts';
import { type Assignment, readAssignment } from './assignment.ts';

import { sourceLines } from './source-lines.ts';

export interface Syntax {
  /** One per name: what is given a second time is a problem and left out. */
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly problems: readonly Problem[];
  /** Number of the last line, at least 1. */
  readonly lastLine: number;
}

const nothing = /^[ \t]*(?:#.*)?$/s;
const assignmentStart = /^[ \t]*([A-Za-z_]\w*)=/;

/**
 * Reads shell-style assignments without a shell: the values are those that bash gets when it sources the file, and a file that would need
 * evaluation is refused. One problem is reported per line; reading goes on behind it.
 */
export function parseSyntax(text: string): Syntax {
  const { lines, problems: characterProblems } = sourceLines(text);
  const problems: Problem[] = [...characterProblems];
  const assignments = new Map<string, Assignment>();
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    const name = assignmentStart.exec(line)?.[1];
    if (name === undefined) {
      if (!nothing.test(line)) problems.push({ line: index + 1, message: notAnAssignment(line) });
      index += 1;
      continue;
    }
    const reading = readAssignment(lines, index, name, line.indexOf('=') + 1);
    problems.push(...reading.problems);
    const first = assignments.get(name);
    if (first === undefined) {
      assignments.set(name, reading.assignment);
    } else {
      const message = `got ${name} a second time, allowed: once. It is set on line ${first.line} already: delete one of them.`;
      problems.push({ line: index + 1, message });
    }
    index = reading.next;
  }
  return { assignments, problems, lastLine: lines.length };
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
