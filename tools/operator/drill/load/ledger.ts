import { otherRegion, type RegionType } from '#stacks/context.ts';
import type { Journey } from './journeys.ts';

/** A write of an item, and what became of it. Times are milliseconds since the epoch. */
export interface Write {
  readonly version: number;
  readonly sentAt: number;
  /** When it was acknowledged. @default - it was not, or not yet */
  ackedAt?: number;
  /** The region that acknowledged it. */
  region?: RegionType;
}

/** Something that the drill has written, once or more often. */
export interface Item {
  readonly journey: Journey;
  readonly number: number;
  readonly writes: Write[];
  /** Requests for it that are under way. */
  open: number;
  /** A write got no response: it may have been done or not, so that nothing is written to it any more. */
  uncertain: boolean;
}

/** A read that did not find what had been acknowledged before it was sent. */
export interface StaleRead {
  readonly route: string;
  readonly item: number;
  readonly readAt: number;
  /** The region that was asked. */
  readonly region: RegionType | undefined;
  /** When and by which region the write was acknowledged that was not found. */
  readonly ackedAt: number;
  readonly writtenIn: RegionType | undefined;
}

/** Every write of a drill, what came of it, and every read that should have found one. */
export interface Ledger {
  readonly items: readonly Item[];
  readonly stale: readonly StaleRead[];
  /** Begins a write: of a new item, or every other time of one that is there and known. */
  beginWrite(journey: Journey): { readonly item: Item; readonly write: Write };
  /** The same, of an item that the other region was the last to write. @returns undefined where there is none */
  beginRewrite(journey: Journey, by: RegionType): { readonly item: Item; readonly write: Write } | undefined;
  /** @param acked - by which region; undefined: it got no response, or an error */
  endWrite(item: Item, write: Write, acked?: { readonly region: RegionType | undefined }): void;
  /** An item whose last write is known, and stays as it is until the read ends. @returns undefined where there is none yet */
  beginRead(journey: Journey): { readonly item: Item; readonly expected: Write } | undefined;
  /** @param found - whether the expected write was; undefined: the read failed */
  endRead(item: Item, expected: Write, found: boolean | undefined, region: RegionType | undefined): void;
}

/** Items that were acknowledged last and can be read or written again. */
const RECENT = 50;

export function createLedger(): Ledger {
  const items: Item[] = [];
  const stale: StaleRead[] = [];
  let versions = 0;
  let turn = 0;

  const known = (journey: Journey, matches: (item: Item) => boolean): Item | undefined => {
    const recent = items
      .slice(-RECENT * 4)
      .filter((item) => item.journey === journey && item.open === 0 && !item.uncertain && matches(item))
      .slice(-RECENT);
    turn += 1;
    return recent[turn % Math.max(1, recent.length)];
  };
  const begin = (item: Item) => {
    versions += 1;
    item.open += 1;
    const write: Write = { version: versions, sentAt: Date.now() };
    item.writes.push(write);
    return { item, write };
  };
  return {
    items,
    stale,
    beginWrite: (journey) => {
      const again = journey.isNamed && versions % 2 === 1 ? known(journey, isAcked) : undefined;
      if (again) return begin(again);
      const item: Item = { journey, number: items.length + 1, writes: [], open: 0, uncertain: false };
      items.push(item);
      return begin(item);
    },
    beginRewrite: (journey, by) => {
      const item = journey.isNamed ? known(journey, (each) => lastAcked(each)?.region === otherRegion(by)) : undefined;
      return item && begin(item);
    },
    endWrite: (item, write, acked) => {
      item.open -= 1;
      if (!acked) {
        item.uncertain = true;
        return;
      }
      write.ackedAt = Date.now();
      if (acked.region) write.region = acked.region;
    },
    beginRead: (journey) => {
      const item = known(journey, isAcked);
      const expected = item && lastAcked(item);
      if (!item || !expected) return undefined;
      item.open += 1;
      return { item, expected };
    },
    endRead: (item, expected, found, region) => {
      item.open -= 1;
      if (found !== false) return;
      const { write, read } = item.journey;
      const route = `${read.method} ${write.path}`;
      const { ackedAt = 0, region: writtenIn } = expected;
      stale.push({ route, item: item.number, readAt: Date.now(), region, ackedAt, writtenIn });
    },
  };
}

/** The write that was acknowledged last. */
export function lastAcked({ writes }: Pick<Item, 'writes'>): Write | undefined {
  return writes.findLast(({ ackedAt }) => ackedAt !== undefined);
}

function isAcked(item: Item): boolean {
  return lastAcked(item) !== undefined;
}
