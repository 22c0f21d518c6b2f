import { closest, distance } from 'fastest-levenshtein';

/** One thing that is wrong in the file. `line` counts from 1; 0 stands for the file as a whole. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** Everything that is wrong with a settings file, in the order of its lines. The caller prints `message` and ends with exit code 2. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly exitCode = 2;
  readonly problems: readonly Problem[];

  /** @param fileName - the file as the reader knows it; each line of the message starts with it: `settings.conf:12: …` */
  constructor(problems: readonly Problem[], fileName = 'settings.conf') {
    const sorted = problems.toSorted((a, b) => a.line - b.line);
    super(sorted.map(({ line, message }) => `${fileName}${line > 0 ? `:${line}` : ''}: ${message}`).join('\n'));
    this.problems = sorted;
  }
}

const LONGEST_SHOWN = 60;

/** A value as messages show it: in quotes, control characters escaped, shortened to 60 characters. */
export function shown(value: string): string {
  return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
}

/** ` Did you mean "X"?` when one of the candidates is near the word (a third of its letters may differ, two at least), otherwise nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const lowerCase = word.toLowerCase();
  const nearest = closest(
    lowerCase,
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  if (distance(lowerCase, nearest) > Math.max(2, Math.floor(word.length / 3))) return '';
  const original = candidates.find((candidate) => candidate.toLowerCase() === nearest);
  return original === undefined ? '' : ` Did you mean ${JSON.stringify(original)}?`;
}
