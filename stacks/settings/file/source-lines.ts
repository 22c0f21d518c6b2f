import type { Problem } from '#stacks/settings/problem.ts';

export interface SourceLines {
  /** Without line ends; index 0 is line 1. */
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
}

const byteOrderMark = '\ufeff';

/** C0, DEL and C1, but not tab. */
const controlCharacter = /[^\P{Cc}\t]/gu;

/**
 * Splits the text into lines. What an editor doesn't show but a shell would take into a value (CR, byte order mark, control characters)
 * is a problem, and is taken out so that the rest of the line is still checked.
 */
export function sourceLines(text: string): SourceLines {
  const problems: Problem[] = [];
  const lines = (text.startsWith(byteOrderMark) ? text.slice(1) : text).split('\n');
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();

  const withCarriageReturn = lines.flatMap((line, index) => (line.endsWith('\r') ? [index + 1] : []));
  const [firstOfThem] = withCarriageReturn;
  if (firstOfThem !== undefined) {
    const more = withCarriageReturn.length > 1 ? ` (and ${withCarriageReturn.length - 1} more)` : '';
    problems.push({
      line: firstOfThem,
      message: `got a line${more} that ends with CR LF, allowed: LF alone, as a shell would take the CR into the value. Save the file with Unix line ends.`,
    });
  }
  if (text.startsWith(byteOrderMark)) {
    problems.push({ line: 1, message: 'got a byte order mark, allowed: UTF-8 without one. Save the file without it.' });
  }

  const clean = lines.map((line, index) => {
    const visible = line.replace(/\r$/, '');
    const [found] = visible.match(controlCharacter) ?? [];
    if (found === undefined) return visible;
    const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    problems.push({
      line: index + 1,
      message: `got the control character U+${code}, allowed: printable characters and tabs. Delete it.`,
    });
    return visible.replace(controlCharacter, '');
  });
  return { lines: clean, problems };
}
