import { bounded, TemplateError } from '#local/vtl/limits.ts';
import { isHost, type Value } from '#local/vtl/values.ts';
import { matchesEntirely, replacePattern, splitByPattern } from './pattern.ts';

type StringMethod = (text: string, args: readonly Value[]) => Value;

/** Source: Java SE documentation of `java.lang.String`. Indexes count UTF-16 units there, too. */
export const stringMethods: ReadonlyMap<string, StringMethod> = new Map<string, StringMethod>([
  ['length', (text) => text.length],
  ['isEmpty', (text) => text === ''],
  ['isBlank', (text) => text.trim() === ''],
  ['toString', (text) => text],
  ['trim', (text) => text.replace(/^[\0- ]+|[\0- ]+$/g, '')],
  ['strip', (text) => text.trim()],
  ['toUpperCase', (text) => text.toUpperCase()],
  ['toLowerCase', (text) => text.toLowerCase()],
  ['concat', (text, args) => text + textArgument(args, 0)],
  ['contains', (text, args) => text.includes(textArgument(args, 0))],
  ['startsWith', (text, args) => text.startsWith(textArgument(args, 0), numberArgument(args, 1, 0))],
  ['endsWith', (text, args) => text.endsWith(textArgument(args, 0))],
  ['equals', (text, args) => text === args[0]],
  ['equalsIgnoreCase', (text, args) => typeof args[0] === 'string' && text.toLowerCase() === args[0].toLowerCase()],
  ['compareTo', (text, args) => compare(text, textArgument(args, 0))],
  ['compareToIgnoreCase', (text, args) => compare(text.toLowerCase(), textArgument(args, 0).toLowerCase())],
  ['indexOf', (text, args) => text.indexOf(textArgument(args, 0), numberArgument(args, 1, 0))],
  ['lastIndexOf', (text, args) => text.lastIndexOf(textArgument(args, 0), numberArgument(args, 1, text.length))],
  ['charAt', (text, args) => substring(text, numberArgument(args, 0, 0), numberArgument(args, 0, 0) + 1)],
  ['substring', (text, args) => substring(text, numberArgument(args, 0, 0), numberArgument(args, 1, text.length))],
  ['subSequence', (text, args) => substring(text, numberArgument(args, 0, 0), numberArgument(args, 1, text.length))],
  ['replace', (text, args) => text.replaceAll(textArgument(args, 0), () => textArgument(args, 1))],
  ['replaceAll', (text, args) => replacePattern(text, textArgument(args, 0), textArgument(args, 1), true)],
  ['replaceFirst', (text, args) => replacePattern(text, textArgument(args, 0), textArgument(args, 1), false)],
  ['matches', (text, args) => matchesEntirely(textArgument(args, 0), text)],
  ['split', (text, args) => splitByPattern(text, textArgument(args, 0), numberArgument(args, 1, 0))],
  ['hashCode', hashCode],
]);

/** @throws TemplateError when the argument isn't a number */
export function numberArgument(args: readonly Value[], at: number, absent: number): number {
  const value = args[at];
  if (value === undefined) return absent;
  if (typeof value === 'number') return Math.trunc(value);
  throw new TemplateError(`A method got ${JSON.stringify(value)} as argument ${at + 1}, which takes a whole number.`);
}

function substring(text: string, from: number, to: number): string {
  if (from >= 0 && to <= text.length && from <= to) return text.slice(from, to);
  throw new TemplateError(`String index out of range: ${from} to ${to} of a text with ${text.length} characters.`);
}

function compare(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = a.charCodeAt(at) - b.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function hashCode(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  return hash;
}

/** `toString()` as Java's classes have it: `[1, 2]` for a list, `{a=1}` for a map. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return bounded(`[${value.map(textOf).join(', ')}]`);
  if (isHost(value)) return 'object';
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  return bounded(
    `{${Object.entries(value)
      .map(([key, item]) => `${key}=${textOf(item)}`)
      .join(', ')}}`,
  );
}

/** An argument as text; an absent one is `null`, as Java prints it. */
export function textArgument(args: readonly Value[], at: number): string {
  return textOf(args[at]);
}
