import { describe, expect, it } from 'vitest';
import { compareKept, type Kept } from '#operator/drill/load/compare-kept.ts';
import { type Item, type Ledger, lastAcked } from '#operator/drill/load/ledger.ts';
import type { RegionType } from '#stacks/context.ts';
import { journey, ledgerWith } from './writes.ts';

const last = (item: Item): Kept => lastAcked(item)?.version ?? 'missing';
const both = { primary: last, secondary: last };

/** Writes an item once more. */
function rewrite(ledger: Ledger, by: RegionType): { readonly item: Item; readonly version: number } {
  const rewritten = ledger.beginRewrite(journey, by);
  if (!rewritten) throw new Error('There is nothing that the other region wrote last.');
  ledger.endWrite(rewritten.item, rewritten.write, { region: by });
  return { item: rewritten.item, version: rewritten.write.version };
}

describe('what was acknowledged, beside what regions hold (B4)', () => {
  it('finds nothing where both regions hold the last write of everything', () => {
    const { ledger } = ledgerWith(3);
    expect(compareKept(ledger.items, both)).toEqual({ acknowledged: 3, items: 3, lost: [], conflicts: [] });
  });

  it('finds a write that one region lacks, that is something else, and one that is an older one again', () => {
    const { ledger, items } = ledgerWith(2);
    const again = rewrite(ledger, 'secondary');
    const [other] = items.filter((item) => item !== again.item);
    const secondary = (item: Item): Kept => (item === other ? 'missing' : last(item));
    const primary = (item: Item): Kept =>
      item === again.item ? (again.item.writes[0]?.version ?? 'missing') : last(item);
    const { acknowledged, lost } = compareKept(ledger.items, { primary, secondary });
    expect(acknowledged).toBe(3);
    expect(lost.map(({ item, region, kept }) => ({ item, region, kept }))).toEqual(
      [
        { item: other?.number, region: 'secondary', kept: 'missing' },
        { item: again.item.number, region: 'primary', kept: again.item.writes[0]?.version },
      ].sort((one, two) => (one.item ?? 0) - (two.item ?? 0)),
    );
    expect(compareKept(items, { ...both, primary: () => 'unknown' }).lost).toHaveLength(2);
  });

  it('lets a write that got no response be there, or not', () => {
    const { ledger, items } = ledgerWith(1);
    const rewritten = ledger.beginRewrite(journey, 'secondary');
    const unanswered = rewritten?.write.version ?? 0;
    if (rewritten) ledger.endWrite(rewritten.item, rewritten.write);
    const done = () => unanswered;
    expect(compareKept(items, { primary: done, secondary: done }).lost).toEqual([]);
    expect(compareKept(items, both).lost).toEqual([]);
    // Regions that don't have the same are not level.
    expect(compareKept(items, { primary: last, secondary: done }).lost).toMatchObject([{ region: 'secondary' }]);
    expect(ledger.beginRead(journey)).toBeUndefined();
  });

  it('tells a write that another region replaced while neither heard of the other from a lost one', () => {
    const { ledger, items } = ledgerWith(1);
    const { version } = rewrite(ledger, 'secondary');
    const [item] = items;
    const older: Kept = item?.writes[0]?.version ?? 'missing';
    const stayed = (kept: Kept) => ({ primary: () => kept, secondary: () => kept });
    const cut = { from: 0, until: Number.POSITIVE_INFINITY };
    expect(compareKept(items, stayed(version), cut)).toMatchObject({ lost: [], conflicts: [{ stayed: 'secondary' }] });
    expect(compareKept(items, stayed(older), cut)).toMatchObject({ lost: [], conflicts: [{ stayed: 'primary' }] });
    expect(compareKept(items, { primary: () => older, secondary: () => version }, cut).lost).toHaveLength(1);
    // Without a cut the older one is a loss, in both regions.
    expect(compareKept(items, stayed(older))).toMatchObject({ lost: [{}, {}], conflicts: [] });
    expect(compareKept(items, stayed(version), { from: 0, until: 1 })).toMatchObject({ conflicts: [] });
  });

  it('counts a read as stale that does not find what was acknowledged before', () => {
    const { ledger } = ledgerWith(2);
    for (const found of [true, false, undefined]) {
      const read = ledger.beginRead(journey);
      if (read) ledger.endRead(read.item, read.expected, found, 'secondary');
    }
    expect(ledger.stale).toMatchObject([{ route: 'GET /user/{id}', region: 'secondary', writtenIn: 'primary' }]);
  });

  it('writes nothing to what is being read, and reads nothing that is being written', () => {
    const { ledger } = ledgerWith(1);
    const read = ledger.beginRead(journey);
    expect(read).toBeDefined();
    expect(ledger.beginRewrite(journey, 'secondary')).toBeUndefined();
    if (read) ledger.endRead(read.item, read.expected, true, 'primary');
    expect(ledger.beginRewrite(journey, 'secondary')).toBeDefined();
    expect(ledger.beginRead(journey)).toBeUndefined();
  });
});
