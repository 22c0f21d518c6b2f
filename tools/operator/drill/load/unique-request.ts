import type { $ZodType } from 'zod/v4/core';
import { safeParse } from 'zod/v4/core';
import type { RequestParts } from '#client/plain-request.ts';
import type { Operation, OperationExample } from '#contract/operation.ts';

/** Fills an example with values that no other request has. */
export interface UniqueRequests {
  /**
   * @param item - names what is written: requests with the same number write the same thing, where the path names it
   * @param version - tells the writes of one thing apart
   */
  readonly partsOf: (item: number, version: number) => RequestParts;
  /** The body alone: what a reader finds again. */
  readonly bodyOf: (version: number) => unknown;
}

/** Makes a value out of what the example has. */
type Filler = (original: string, ordinal: number) => string;

type Leaf = readonly [path: readonly string[], filler: Filler];

/**
 * Of an example, every text of its path and body is replaced by one of its own, as far as the operation's schemas allow it: the text with an
 * ending, an ending alone, a time of day, a date. What they allow none of stays as it is.
 *
 * @param run - some letters and digits that no other run has
 */
export function uniqueRequests(operation: Operation, example: OperationExample, run: string): UniqueRequests {
  const { request } = operation;
  const { pathParameters, query, headers, body } = example;
  const fillers = fillersOf(run);
  const inPath = leavesOf(pathParameters, request.pathParameters, fillers);
  const inBody = leavesOf(body, request.body, fillers);
  const bodyOf = (version: number) => filled(body, inBody, version);
  return {
    bodyOf,
    partsOf: (item, version) => ({
      ...(pathParameters && { path: stringsOf(filled(pathParameters, inPath, item)) }),
      ...(query && { query }),
      headers: {
        ...headers,
        ...(operation.idempotencyHeader && { [operation.idempotencyHeader]: `${run}${version}` }),
      },
      ...(body !== undefined && { body: bodyOf(version) }),
    }),
  };
}

const DAY_MILLISECONDS = 86_400_000;
/** Dates of a drill are in a century that no sample has. */
const FIRST_DAY = Date.UTC(1900, 0, 1);
const DAYS = 36_500;

function fillersOf(run: string): readonly Filler[] {
  const token = (ordinal: number) => `drill${run}${ordinal.toString(36).padStart(6, '0')}`;
  const day = Number.parseInt(run, 36) % DAYS;
  return [
    (original, ordinal) => `${original} ${token(ordinal)}`,
    (_, ordinal) => token(ordinal),
    (_, ordinal) => `00:00:00.${String(ordinal).padStart(9, '0')}`,
    () => new Date(FIRST_DAY + day * DAY_MILLISECONDS).toISOString().slice(0, 10),
  ];
}

/** The texts of a value, each with the first filler that the schema allows in its place. */
function leavesOf(value: unknown, schema: $ZodType | undefined, fillers: readonly Filler[]): readonly Leaf[] {
  if (schema === undefined) return [];
  return textsIn(value).flatMap(([path, text]): readonly Leaf[] => {
    const filler = fillers.find((each) => safeParse(schema, replaced(value, path, each(text, 1))).success);
    return filler === undefined ? [] : [[path, filler]];
  });
}

function filled(value: unknown, leaves: readonly Leaf[], ordinal: number): unknown {
  const texts = new Map(textsIn(value).map(([path, text]) => [path.join('\n'), text]));
  return leaves.reduce((before, [path, filler]) => {
    return replaced(before, path, filler(texts.get(path.join('\n')) ?? '', ordinal));
  }, value);
}

function textsIn(value: unknown, path: readonly string[] = []): readonly (readonly [readonly string[], string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsIn(member, [...path, name]));
}

function replaced(value: unknown, [name, ...rest]: readonly string[], text: string): unknown {
  if (name === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((member: unknown, index) => (String(index) === name ? replaced(member, rest, text) : member));
  }
  const members = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(
    members.map(([key, member]) => [key, key === name ? replaced(member, rest, text) : member]),
  );
}

function stringsOf(value: unknown): Record<string, string> {
  const members = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(members.map(([name, member]) => [name, String(member)]));
}
