import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CallError } from './call-error.ts';

/**
 * `--body`: as it stands, `@file`, or `-` for standard input. It is sent as it is, so that a mistake in it can be tried out.
 *
 * @throws CallError when the file cannot be read
 */
export async function readBody(flag: string | undefined): Promise<string | undefined> {
  if (flag === '-') return text(process.stdin);
  if (!flag?.startsWith('@')) return flag;
  const file = flag.slice(1);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CallError(`--body @${file}: the file cannot be read: ${why}`, { cause });
  });
}

/**
 * `--header`: names in lower case → value.
 *
 * @throws CallError naming every one that is none
 */
export function readHeaders(flags: readonly string[] = []): Readonly<Record<string, string>> {
  const read = flags.map((flag) => ({ flag, match: /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(flag) }));
  const wrong = read.filter(({ match }) => match === null).map(({ flag }) => JSON.stringify(flag));
  if (wrong.length > 0) throw new CallError(`--header ${wrong.join(', ')}: allowed is "Name: value".`);
  return Object.fromEntries(read.map(({ match }) => [match?.[1]?.toLowerCase() ?? '', match?.[2] ?? '']));
}
