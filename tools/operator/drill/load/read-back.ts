import type { RegionType } from '#stacks/context.ts';
import type { Kept } from './compare-kept.ts';
import type { Journey } from './journeys.ts';
import type { Item } from './ledger.ts';
import { contains, type Outcome, type Sender } from './sender.ts';

/** Requests at a time. */
const WIDTH = 8;
const MOST_ATTEMPTS = 3;

/** A region did not say what it holds. */
class ReadBackError extends Error {
  override readonly name = 'ReadBackError';
  readonly exitCode = 1;
}

/**
 * Reads items at a region's own door: each by itself where its path names it, of the others the whole list, page by page.
 *
 * @throws ReadBackError for whatever is no response that the contract knows, three times in a row
 */
export async function readBack(
  items: readonly Item[],
  region: RegionType,
  send: Sender,
): Promise<ReadonlyMap<Item, Kept>> {
  const kept = new Map<Item, Kept>();
  const named = items.filter(({ journey }) => journey.isNamed);
  const waiting = [...named];
  const worker = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop())
      kept.set(item, await readItem(item, region, send));
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  const lists = new Set(items.filter(({ journey }) => !journey.isNamed).map(({ journey }) => journey));
  for (const journey of lists) {
    const listed = await readList(journey, region, send);
    for (const item of items) {
      if (item.journey !== journey) continue;
      const [write] = item.writes;
      const isThere = write !== undefined && listed.has(textOf(journey, journey.requests.bodyOf(write.version)));
      kept.set(item, isThere ? write.version : 'missing');
    }
  }
  return kept;
}

async function readItem({ journey, number, writes }: Item, region: RegionType, send: Sender): Promise<Kept> {
  const { status, body } = await patiently(
    () => send(journey.read, journey.readParts(number)),
    [200, 404],
    region,
    journey,
  );
  if (status === 404) return 'missing';
  return writes.findLast(({ version }) => contains(body, journey.requests.bodyOf(version)))?.version ?? 'unknown';
}

/** @returns what identifies each thing that the list holds */
async function readList(journey: Journey, region: RegionType, send: Sender): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const { query = {} } = journey.readParts(0);
  let page: Readonly<Record<string, string>> | undefined = {};
  while (page) {
    const parts = { query: { ...query, ...page } };
    const { body } = await patiently(() => send(journey.read, parts), [200], region, journey);
    for (const each of objectsIn(body)) found.add(textOf(journey, each));
    page = nextOf(body, journey);
  }
  return found;
}

/**
 * What asks for the following page: a text beside the list whose name, in small letters, the reader's query has.
 */
function nextOf(body: unknown, { read }: Journey): Readonly<Record<string, string>> | undefined {
  const shape = read.request.query;
  if (typeof body !== 'object' || body === null || shape === undefined) return undefined;
  const names =
    'shape' in shape && typeof shape.shape === 'object' && shape.shape !== null ? Object.keys(shape.shape) : [];
  const [name, text] =
    Object.entries(body).find(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && names.includes(entry[0].toLowerCase()),
    ) ?? [];
  return name === undefined || text === undefined ? undefined : { [name.toLowerCase()]: text };
}

/** The members that a write has, of a written or a listed thing. */
function textOf(journey: Journey, value: unknown): string {
  const names = Object.keys(membersOf(journey.requests.bodyOf(1))).sort();
  const members = membersOf(value);
  return JSON.stringify(names.map((name) => members[name] ?? null));
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function objectsIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

async function patiently(
  ask: () => Promise<Outcome>,
  expected: readonly number[],
  region: RegionType,
  { read: { method, path } }: Journey,
): Promise<Outcome> {
  let last: Outcome = {};
  for (let made = 0; made < MOST_ATTEMPTS; made++) {
    last = await ask();
    if (last.status !== undefined && expected.includes(last.status)) return last;
  }
  const what = last.problem ?? `HTTP ${last.status}`;
  throw new ReadBackError(
    `The ${region} region does not say what it holds: ${method} ${path} came to ${what}, three times in a row.`,
  );
}
