import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { ParametersError } from '#operator/cli/errors.ts';

/**
 * The text of a file, or of standard input.
 *
 * @param file - a path; `-` is standard input
 * @throws ParametersError when it can't be read or is not UTF-8. What it holds is not part of the message
 */
export async function readText(file: string): Promise<string> {
  const bytes = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((error: unknown) => {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ParametersError(`--file: ${file} cannot be read (${cause}).`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ParametersError(`--file: ${sourceName(file)} is not UTF-8. Save it as UTF-8.`);
  }
}

/** One parameter's value: the text, without the line end that editors and `echo` put behind it. */
export function oneValue(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/**
 * Values of several parameters: a JSON object, name to text. An object in the place of a text is taken as its JSON, so that a map can be
 * written as one.
 *
 * @throws ParametersError with everything that is wrong, without any value
 */
export function severalValues(text: string, file: string): ReadonlyMap<string, string> {
  const document = parseJson(text, file);
  if (!isObject(document)) {
    throw new ParametersError(`--file: ${sourceName(file)} holds no JSON object. ${EXAMPLE}`);
  }
  const values = new Map<string, string>();
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (typeof value === 'string') values.set(name, value);
    else if (isObject(value)) values.set(name, JSON.stringify(value));
    else wrong.push(`${name}: got ${kindOf(value)}, allowed: a text in quotes.`);
  }
  if (wrong.length > 0) throw new ParametersError(wrong.join('\n'));
  return values;
}

const EXAMPLE = 'Write {"domain_name": "api.example.com", …}, or name the one parameter whose value the file is.';

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text, which may be a secret: of it only the position is told.
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    const line = position === undefined ? '' : `:${text.slice(0, Number(position)).split('\n').length}`;
    throw new ParametersError(`--file: ${sourceName(file)}${line} is not valid JSON. ${EXAMPLE}`);
  }
}

function sourceName(file: string): string {
  return file === '-' ? 'standard input' : file;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
