import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { checkValues, toSettings } from './file/file-values.ts';
import { parseSyntax } from './file/syntax.ts';
import { SettingsError } from './problem.ts';
import { checkRelations } from './relations.ts';
import type { Settings } from './settings.ts';

export { type Problem, SettingsError } from './problem.ts';
export type {
  AlarmSettings,
  ContainerSettings,
  CorsSettings,
  EdgeSettings,
  ObjectiveSettings,
  QuotaPeriod,
  Settings,
  TidySettings,
  UsagePlanSettings,
} from './settings.ts';

const causes: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file. Run the command in the project's folder, or put settings.conf there",
  EACCES: 'its permissions do not let it be read. Run chmod u+r on it',
  EISDIR: 'it is a folder. Put the file in its place',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8. Save it as UTF-8',
};

/**
 * Reads and checks `settings.conf`.
 *
 * @throws SettingsError with everything that is wrong; the caller prints its message and ends with exit code 2
 */
export function loadSettings(path: string): Settings {
  const inside = relative(process.cwd(), path);
  const fileName = inside.startsWith('..') ? path : inside;
  return parseSettings(read(path, fileName), fileName);
}

/**
 * Checks the text of a settings file.
 *
 * @param fileName - how messages name it
 * @throws SettingsError with everything that is wrong
 */
export function parseSettings(text: string, fileName: string): Settings {
  const syntax = parseSyntax(text);
  const { values, problems: valueProblems } = checkValues(syntax);
  const problems = [...syntax.problems, ...valueProblems, ...checkRelations(syntax)];
  if (values === undefined || problems.length > 0) throw new SettingsError(problems, fileName);
  return toSettings(values);
}

function read(path: string, fileName: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const cause = causes[code];
    if (cause === undefined) throw error;
    throw new SettingsError([{ line: 0, message: `cannot be read: ${cause}.` }], fileName);
  }
}
