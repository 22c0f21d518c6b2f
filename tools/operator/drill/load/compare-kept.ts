import type { RegionType } from '#stacks/context.ts';
import { type Item, lastAcked } from './ledger.ts';

/** What a region holds of an item: the number of the write that it has; `missing`; `unknown`, something that the drill has not written. */
export type Kept = number | 'missing' | 'unknown';

/** An item of which a region does not hold what was acknowledged last. */
export interface LostWrite {
  readonly route: string;
  readonly item: number;
  readonly region: RegionType;
  /** When it was acknowledged: milliseconds since the epoch. */
  readonly ackedAt: number;
  readonly writtenIn: RegionType | undefined;
  readonly kept: Kept;
}

/** An item that both regions acknowledged writes of while neither heard of the other's. */
export interface ConflictingWrite {
  readonly route: string;
  readonly item: number;
  /** Whose write both regions hold now. */
  readonly stayed: RegionType | undefined;
}

/** Regions that could not hear of each other: milliseconds since the epoch. */
export interface Cut {
  readonly from: number;
  readonly until: number;
}

export interface Comparison {
  /** Acknowledged writes. */
  readonly acknowledged: number;
  readonly items: number;
  readonly lost: readonly LostWrite[];
  readonly conflicts: readonly ConflictingWrite[];
}

/**
 * Compares what both regions hold with what was acknowledged. A region must hold the write of an item that was acknowledged last, or one that got no
 * response, as such a write may have been done. Of an item that both wrote while they were cut off from each other, either write may have stayed, as
 * long as it is the same one in both.
 */
export function compareKept(
  items: readonly Item[],
  keptBy: Readonly<Record<RegionType, (item: Item) => Kept>>,
  cut?: Cut,
): Comparison {
  const acknowledged = items.filter((item) => lastAcked(item));
  const lost: LostWrite[] = [];
  const conflicts: ConflictingWrite[] = [];
  for (const item of acknowledged) {
    const last = lastAcked(item);
    if (!last) continue;
    const rivals = rivalsOf(item, cut);
    const unanswered = item.writes.filter(({ ackedAt }) => ackedAt === undefined);
    const allowed: readonly Kept[] = [last, ...rivals, ...unanswered].map(({ version }) => version);
    const kept = { primary: keptBy.primary(item), secondary: keptBy.secondary(item) };
    const agreed = kept.primary === kept.secondary;
    const { method, path } = item.journey.write;
    const route = `${method} ${path}`;
    for (const region of ['primary', 'secondary'] as const) {
      // Of two that are allowed and differ, the region that does not hold the last one has lost it.
      const isKept = allowed.includes(kept[region]) && (agreed || kept[region] === last.version);
      if (isKept) continue;
      const { ackedAt = 0, region: writtenIn } = last;
      lost.push({ route, item: item.number, region, ackedAt, writtenIn, kept: kept[region] });
    }
    if (rivals.length > 0) {
      const stayed = agreed ? item.writes.find(({ version }) => version === kept.primary)?.region : undefined;
      conflicts.push({ route, item: item.number, stayed });
    }
  }
  const writes = acknowledged.flatMap((item) => item.writes.filter(({ ackedAt }) => ackedAt !== undefined));
  return { acknowledged: writes.length, items: acknowledged.length, lost, conflicts };
}

/** The last write of each region while they were cut off from each other, if both wrote then. */
function rivalsOf({ writes }: Item, cut: Cut | undefined): Item['writes'] {
  if (cut === undefined) return [];
  const lastOf = (region: RegionType) =>
    writes.findLast(
      (write) =>
        write.region === region &&
        write.ackedAt !== undefined &&
        write.ackedAt >= cut.from &&
        write.sentAt <= cut.until,
    );
  const rivals = [lastOf('primary'), lastOf('secondary')].flatMap((write) => write ?? []);
  return rivals.length === 2 ? rivals : [];
}
