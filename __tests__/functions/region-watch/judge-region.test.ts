import { describe, expect, it } from 'vitest';
import type { RouteDocument } from '#contract/route-document.ts';
import { type JudgePorts, judgeRegion, type Verdict } from '#functions/region-watch/judge-region.ts';

const ill: readonly [Verdict, Verdict, Verdict] = ['ill', 'unknown', 'ill'];
const alarmed = new Date('2026-01-02T03:00:00Z');

function secondary(
  [probe, publicNames, alarms]: readonly [probe: Verdict, publicNames: Verdict, alarms: Verdict],
  changes: Partial<Pick<JudgePorts, 'alarmSince' | 'isWellHere' | 'mode' | 'opposite'>> & {
    readonly says?: RouteDocument;
  } = {},
) {
  const written: RouteDocument[] = [];
  const { says = { route: 'home' }, ...ports } = changes;
  const look = () =>
    judgeRegion({
      observers: { probe: async () => probe, publicNames: async () => publicNames, alarms: async () => alarms },
      isWellHere: async () => true,
      alarmSince: async () => alarmed,
      mode: 'automatic',
      opposite: async () => 'home',
      own: {
        read: async () => ({ document: says, version: '1' }),
        write: async (document) => written.push(document) > 0,
      },
      now: () => new Date('2026-01-02T03:04:05Z'),
      ...ports,
    });
  return { look, written };
}

describe('what the secondary region makes of a primary one that is ill (S4.6)', () => {
  it.each<readonly [Verdict, Verdict, Verdict, 'alone' | 'now away' | 'well']>([
    ['well', 'well', 'well', 'well'],
    ['unknown', 'unknown', 'unknown', 'well'],
    ['ill', 'well', 'well', 'alone'],
    // Cut off from the primary region: nobody else says anything.
    ['ill', 'unknown', 'unknown', 'alone'],
    ['well', 'well', 'ill', 'alone'],
    ['ill', 'well', 'ill', 'now away'],
    ['ill', 'ill', 'unknown', 'now away'],
    ['well', 'ill', 'ill', 'now away'],
    ['ill', 'ill', 'ill', 'now away'],
  ])('probe %s, public names %s, alarms %s: %s', async (probe, publicNames, alarms, outcome) => {
    const { look, written } = secondary([probe, publicNames, alarms]);
    expect(await look()).toMatchObject({ outcome, isIll: outcome === 'now away' });
    expect(written).toHaveLength(outcome === 'now away' ? 1 : 0);
  });

  it('says by what it moved traffic, and why', async () => {
    const { look, written } = secondary(ill);
    await look();
    expect(written).toEqual([
      {
        route: 'away',
        since: '2026-01-02T03:04:05.000Z',
        by: 'health',
        reason: 'Ill by its own names and its alarms.',
      },
    ]);
  });

  it.each<readonly [string, Parameters<typeof secondary>[1]]>([
    ['would move', { mode: 'watch' }],
    ['not for long enough', { alarmSince: async () => undefined }],
    ['not well here', { isWellHere: async () => false }],
    ['kept away from here', { opposite: async () => 'away' }],
    ['away already', { says: { route: 'away' } }],
    // Somebody has let traffic go back since the alarm went off: that stays so.
    ['let go', { says: { route: 'home', since: '2026-01-02T03:01:00Z' } }],
  ])('moves nothing: %s', async (outcome, changes) => {
    const { look, written } = secondary(ill, changes);
    expect(await look()).toMatchObject({ outcome, isIll: true });
    expect(written).toEqual([]);
  });

  it('moves traffic that was let go before the alarm went off', async () => {
    const { look, written } = secondary(ill, { says: { route: 'home', since: '2026-01-02T02:59:00Z' } });
    expect(await look()).toMatchObject({ outcome: 'now away' });
    expect(written).toHaveLength(1);
  });

  it('takes back what was written while the other region said the same of this one', async () => {
    const opposite = ['home', 'away'] as const;
    let asked = 0;
    const { look, written } = secondary(ill, { opposite: async () => opposite[asked++] });
    expect(await look()).toMatchObject({ outcome: 'kept away from here' });
    expect(written).toMatchObject([{ route: 'away' }, { route: 'home' }]);
  });
});
