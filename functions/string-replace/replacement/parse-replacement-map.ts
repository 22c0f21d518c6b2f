import { errorReason } from '#functions/error-reason.ts';
import { foldCase } from './characters.ts';

/** What a replacement map may hold; lengths in UTF-16 units. */
const replacementMapLimits = { keys: 10_000, keyLength: 256, valueLength: 4096 } as const;

/** Everything that is wrong with a replacement map. */
export class ReplacementMapError extends Error {
  override readonly name = 'ReplacementMapError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The replacement map is not usable:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads a replacement map: a JSON object whose keys are the words to replace and whose values are what stands in their place.
 *
 * @throws ReplacementMapError naming every offending key
 */
export function parseReplacementMap(json: string): Readonly<Record<string, string>> {
  const entries = Object.entries(parseObject(json));
  const { keys } = replacementMapLimits;
  if (entries.length > keys) throw new ReplacementMapError([`${entries.length} keys; at most ${keys} are allowed.`]);
  const problems: string[] = [];
  const map: [string, string][] = [];
  const keyByFold = new Map<string, string>();
  for (const [key, value] of entries) {
    problems.push(...problemsOf(key, value));
    if (typeof value === 'string') map.push([key, value]);
    const fold = foldCase(key);
    const same = keyByFold.get(fold);
    if (same === undefined) keyByFold.set(fold, key);
    else problems.push(`${show(key)} and ${show(same)} differ in case only: keep one.`);
  }
  if (problems.length > 0) throw new ReplacementMapError(problems);
  return Object.fromEntries(map);
}

function parseObject(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ReplacementMapError([`It is not valid JSON (${errorReason(error)}). ${allowed}`]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ReplacementMapError([`Got ${kindOf(value)}. ${allowed}`]);
  }
  return value;
}

const allowed = 'Allowed is an object of strings: {"word": "replacement"}.';

function problemsOf(key: string, value: unknown): string[] {
  const { keyLength, valueLength } = replacementMapLimits;
  const problems: string[] = [];
  if (key === '') problems.push('"" is an empty key: remove it.');
  if (key.length > keyLength)
    problems.push(`${show(key)} has ${key.length} characters; a key has at most ${keyLength}.`);
  if (typeof value !== 'string') {
    problems.push(`${show(key)} has ${kindOf(value)} for its value; allowed is a string.`);
  } else if (value.length > valueLength) {
    problems.push(`${show(key)} has a value of ${value.length} characters; at most ${valueLength} are allowed.`);
  }
  return problems;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function show(key: string): string {
  return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
}
