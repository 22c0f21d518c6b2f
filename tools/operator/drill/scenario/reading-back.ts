import type { DrillPlace } from '#operator/drill/drill-place.ts';
import { type Comparison, compareKept, type Kept } from '#operator/drill/load/compare-kept.ts';
import { type Item, lastAcked } from '#operator/drill/load/ledger.ts';
import { readBack } from '#operator/drill/load/read-back.ts';
import type { RegionType } from '#stacks/context.ts';
import type { Run } from './run.ts';

/** What of a run reading back needs, wherever it runs. */
type Read = Pick<Run, 'marks' | 'scenario'> & { readonly place: Pick<DrillPlace, 'regionSender'> };

/** Items whose last write was this long before the fault at the most are looked for in the other region when traffic comes there. */
const LOOK_BACK_MILLISECONDS = 60_000;

/** Reads back until both regions hold what was acknowledged, or patience ends; what is being written meanwhile is left out. */
export async function untilLevel(run: Pick<Run, 'ledger' | 'waiting'> & Read): Promise<void> {
  const { ledger, waiting, marks } = run;
  let left: readonly Item[] = ledger.items;
  const isLevel = async () => {
    left = left.filter(({ open }) => open === 0);
    const { lost } = await compare(run, left);
    left = itemsOf(left, lost);
    return left.length === 0;
  };
  const level = await waiting.until(isLevel, 0);
  if (level !== undefined) marks.level ??= level;
}

function itemsOf(items: readonly Item[], lost: Comparison['lost']): readonly Item[] {
  const numbers = new Set(lost.map(({ item }) => item));
  return items.filter(({ number, open }) => numbers.has(number) && open === 0);
}

/** What both regions hold of the items, beside what was acknowledged. */
export async function compare({ place, scenario, marks }: Read, items: readonly Item[]): Promise<Comparison> {
  const read = (region: RegionType) => readBack(items, region, place.regionSender(region));
  const [primary, secondary] = await Promise.all([read('primary'), read('secondary')]);
  const kept = {
    primary: (item: Item): Kept => primary.get(item) ?? 'missing',
    secondary: (item: Item): Kept => secondary.get(item) ?? 'missing',
  };
  const cut = { from: marks.fault ?? 0, until: marks.level ?? Number.POSITIVE_INFINITY };
  return compareKept(items, kept, scenario.fault.kind === 'partition' ? cut : undefined);
}

/** How far back, from the last write that the primary region acknowledged, the other one lacks any; seconds. */
export async function lackedIn({ place, ledger, marks }: Run): Promise<number> {
  const from = (marks.fault ?? 0) - LOOK_BACK_MILLISECONDS;
  const wrote = ledger.items.flatMap((item) => {
    const last = lastAcked(item);
    const isThere = last?.region === 'primary' && last.ackedAt !== undefined && last.ackedAt >= from;
    return isThere && item.open === 0 ? [{ item, version: last.version, at: last.ackedAt ?? 0 }] : [];
  });
  const kept = await readBack(
    wrote.map(({ item }) => item),
    'secondary',
    place.regionSender('secondary'),
  );
  const lacking = wrote.filter(({ item, version }) => {
    const later = item.writes.filter((write) => write.version >= version).map((write): Kept => write.version);
    return !later.includes(kept.get(item) ?? 'missing');
  });
  if (lacking.length === 0) return 0;
  return (Math.max(...wrote.map(({ at }) => at)) - Math.min(...lacking.map(({ at }) => at))) / 1000;
}
