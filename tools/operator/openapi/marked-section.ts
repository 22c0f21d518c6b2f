import { readFileSync, writeFileSync } from 'node:fs';
import { errorReason } from '#functions/error-reason.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';

/** The file cannot take what is to be written into it. */
export class MarksError extends Error {
  override readonly name = 'MarksError';
  readonly exitCode = ExitCode.Usage;
}

/**
 * Puts text between the marks `<!-- name -->` and `<!-- /name -->` of a Markdown file; everything else stays.
 *
 * @returns whether the file has changed
 * @throws MarksError when there is no such file, or it lacks a mark
 */
export function writeBetweenMarks(file: string, name: string, text: string): boolean {
  const content = read(file);
  const begin = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const from = content.indexOf(begin);
  const to = content.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new MarksError(`${file} has no lines ${begin} and ${end}, in this order: put them where the text belongs.`);
  }
  const written = `${content.slice(0, from + begin.length)}\n\n${text}\n\n${content.slice(to)}`;
  if (written === content) return false;
  writeFileSync(file, written);
  return true;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MarksError(`${file} cannot be read: ${errorReason(cause)}`, { cause });
  }
}
