import pc from 'picocolors';
import { describe, expect, it, vi } from 'vitest';
import type { RouteDocument } from '#contract/route-document.ts';
import { moveRoute, type RoutePlace, type RouteRequest } from '#operator/route/move-route.ts';
import type { RouteStore } from '#operator/route/route-store.ts';
import { describeRoute } from '#operator/route/run-route.ts';
import type { RegionType } from '#stacks/context.ts';

/** A bucket that counts versions, as S3's ETags do; `onWrite` happens just before a write. */
function memoryStore(region: string, route: RouteDocument['route'] = 'home', onWrite = () => {}) {
  let state = { document: { route } as RouteDocument, version: 1 };
  const store: RouteStore = {
    region,
    read: async () => ({ document: state.document, version: String(state.version) }),
    write: async (document, version) => {
      onWrite();
      if (version !== String(state.version)) return false;
      state = { document, version: state.version + 1 };
      return true;
    },
  };
  const change = (next: RouteDocument['route']) => {
    state = { document: { route: next }, version: state.version + 1 };
  };
  return { store, change, route: () => state.document.route };
}

const gone = (region: string): RouteStore => ({
  region,
  read: () => Promise.reject(new Error('connect ECONNREFUSED')),
  write: () => Promise.reject(new Error('connect ECONNREFUSED')),
});

const request: RouteRequest = { kind: 'away', region: 'primary', wait: true };
const yes = async () => {};

function place(stores: RoutePlace['stores'], responding: RegionType | undefined = 'secondary'): RoutePlace {
  return {
    stage: 'dev',
    isProduction: false,
    flags: '',
    active: 'primary',
    stores,
    responding: async () => responding,
    timeScale: 1000,
    watchAtLeast: 0,
  };
}

describe('keeping traffic away from a region (S4.2, B6)', () => {
  it('writes in the other region alone, and says what it predicts and what came of it', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    const report = await moveRoute(place({ primary: primary.store, secondary: secondary.store }), request, yes);
    expect([primary.route(), secondary.route()]).toEqual(['home', 'away']);
    expect(report).toMatchObject({
      writtenIn: 'eu-west-1',
      outcome: 'moved',
      moved: { to: 'secondary' },
      predicted: { atLeast: 0.02, atMost: 0.09 },
      remarks: [],
    });
    expect(describeRoute(report, pc.createColors(false))).toMatch(
      /keeps away from the primary region: eu-west-1 says so[\s\S]*Predicted: every client led elsewhere[\s\S]*Left out[\s\S]*answered by the secondary region after[\s\S]*route-back dev primary/,
    );
  });

  it('says that it is written and watched only when it is', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    const written: unknown[] = [];
    const watching = () => void written.push(secondary.route());
    await moveRoute(place({ primary: primary.store, secondary: secondary.store }), request, yes, watching);
    expect(written).toEqual(['away']);
  });

  it('works while the region that is left is gone, and says that it could not be asked', async () => {
    const secondary = memoryStore('eu-west-1');
    const report = await moveRoute(place({ primary: gone('eu-central-1'), secondary: secondary.store }), request, yes);
    expect(secondary.route()).toBe('away');
    expect(report.remarks).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  it('is refused while traffic keeps away from the other region, and says what comes first', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1', 'away'), memoryStore('eu-west-1')];
    const moved = moveRoute(place({ primary: primary.store, secondary: secondary.store }), request, yes);
    await expect(moved).rejects.toThrow('First: two-region route-back dev secondary');
    expect(secondary.route()).toBe('home');
  });

  it('takes its word back where somebody left the other region at the same moment', async () => {
    const primary = memoryStore('eu-central-1');
    const secondary = memoryStore('eu-west-1', 'home', () => primary.change('away'));
    const moved = moveRoute(place({ primary: primary.store, secondary: secondary.store }), request, yes);
    await expect(moved).rejects.toThrow('keeps away from the secondary region already');
    expect([primary.route(), secondary.route()]).toEqual(['away', 'home']);
  });

  it('changes nothing where somebody else has changed the route since it was read', async () => {
    const primary = memoryStore('eu-central-1');
    const secondary = memoryStore('eu-west-1', 'home', () => secondary.change('home'));
    const watching = vi.fn();
    const moved = moveRoute(place({ primary: primary.store, secondary: secondary.store }), request, yes, watching);
    await expect(moved).rejects.toThrow('at the same time; nothing was changed here');
    expect(watching).not.toHaveBeenCalled();
    expect(secondary.route()).toBe('home');
  });

  it('writes nothing before it is confirmed', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    const no = () => Promise.reject(new Error('no'));
    await expect(moveRoute(place({ primary: primary.store, secondary: secondary.store }), request, no)).rejects.toThrow(
      'no',
    );
    expect(secondary.route()).toBe('home');
  });

  it('asks nobody and changes nothing where it is so already', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1', 'away')];
    const no = () => Promise.reject(new Error('asked'));
    const report = await moveRoute(place({ primary: primary.store, secondary: secondary.store }), request, no);
    expect(report.outcome).toBe('already');
    expect(describeRoute(report, pc.createColors(false))).toContain('Nothing was changed');
  });

  it('ends with what has not happened where the name is not answered elsewhere in the time that was predicted', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    const stuck = place({ primary: primary.store, secondary: secondary.store }, 'primary');
    expect(await moveRoute(stuck, request, yes)).toMatchObject({ outcome: 'waiting' });
  });

  it('watches a busy machine for longer than a time scale predicts', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    let asked = 0;
    const slow: RoutePlace = {
      ...place({ primary: primary.store, secondary: secondary.store }),
      responding: async () => (++asked > 1 ? 'secondary' : 'primary'),
      timeScale: 1_000_000,
      watchAtLeast: 60,
    };
    expect(await moveRoute(slow, request, yes)).toMatchObject({ outcome: 'moved' });
  });

  it('lets traffic go back: the same object says home', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1', 'away')];
    const back = place({ primary: primary.store, secondary: secondary.store }, 'primary');
    const report = await moveRoute(back, { kind: 'back', region: 'primary', wait: true }, yes);
    expect(secondary.route()).toBe('home');
    expect(report).toMatchObject({ outcome: 'moved', moved: { to: 'primary' } });
    expect(describeRoute(report, pc.createColors(false))).toMatch(
      /may go to the primary region: eu-west-1 says so\.\nPredicted: every client led back there after 0\.02 s to 0\.09 s\./,
    );
  });

  it('waits for nothing when traffic may go to the secondary region again: none does while the primary one is healthy', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1', 'away'), memoryStore('eu-west-1')];
    const back: RoutePlace = {
      ...place({ primary: primary.store, secondary: secondary.store }),
      responding: () => Promise.reject(new Error('asked')),
    };
    const report = await moveRoute(back, { kind: 'back', region: 'secondary', wait: true }, yes);
    expect(primary.route()).toBe('home');
    expect(report.outcome).toBe('unwatched');
    expect(describeRoute(report, pc.createColors(false))).toContain(
      'Predicted: DNS leads there again while the primary region is unhealthy, after 0.02 s to 0.09 s.',
    );
  });
});

describe('holding traffic where a failover has brought it (B24)', () => {
  const latch: RouteRequest = { ...request, latch: true };

  it('is written by nothing but the other region, with what did it and why, and moves nothing', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    const report = await moveRoute(place({ primary: primary.store, secondary: secondary.store }), latch, yes);
    expect(report).toMatchObject({ outcome: 'held', route: { route: 'away', by: 'latch', since: expect.any(String) } });
    expect([primary.route(), secondary.route()]).toEqual(['home', 'away']);
    expect(describeRoute(report, pc.createColors(false))).toMatch(
      /does not come back by itself[\s\S]*route-back dev primary/,
    );
  });

  it('is written with the primary region gone', async () => {
    const secondary = memoryStore('eu-west-1');
    const report = await moveRoute(place({ primary: gone('eu-central-1'), secondary: secondary.store }), latch, yes);
    expect(report.outcome).toBe('held');
  });

  it('changes nothing, and asks nobody, while the primary region answers', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    const asked = () => Promise.reject(new Error('asked'));
    const healthy = place({ primary: primary.store, secondary: secondary.store }, 'primary');
    const report = await moveRoute(healthy, latch, asked);
    expect(report.outcome).toBe('unneeded');
    expect(secondary.route()).toBe('home');
    expect(describeRoute(report, pc.createColors(false))).toContain('nothing was changed');
  });

  it('is not written when both regions are unhealthy', async () => {
    const [primary, secondary] = [memoryStore('eu-central-1'), memoryStore('eu-west-1')];
    const dead = {
      ...place({ primary: primary.store, secondary: secondary.store }),
      responding: async () => undefined,
    };
    await expect(moveRoute(dead, latch, yes)).rejects.toThrow('Neither region responds');
    expect(secondary.route()).toBe('home');
  });

  it('leaves one that is there as it is, with its first time and reason', async () => {
    const secondary = memoryStore('eu-west-1');
    const stores = { primary: memoryStore('eu-central-1').store, secondary: secondary.store };
    const first = await moveRoute(place(stores), latch, yes);
    const second = await moveRoute(place(stores), latch, yes);
    expect(second).toMatchObject({ outcome: 'already', route: first.route });
    expect(describeRoute(second, pc.createColors(false))).toContain('held where a failover brought it');
  });

  it('takes its word back where traffic was sent away from the secondary region at the same moment', async () => {
    const primary = memoryStore('eu-central-1');
    const secondary = memoryStore('eu-west-1', 'home', () => primary.change('away'));
    const moved = moveRoute(place({ primary: primary.store, secondary: secondary.store }), latch, yes);
    await expect(moved).rejects.toThrow('keeps away from the secondary region already');
    expect([primary.route(), secondary.route()]).toEqual(['away', 'home']);
  });

  it('is of the primary region alone: to the secondary one DNS never returns by itself', async () => {
    const stores = { primary: memoryStore('eu-central-1').store, secondary: memoryStore('eu-west-1').store };
    await expect(moveRoute(place(stores), { ...latch, region: 'secondary' }, yes)).rejects.toThrow(
      'route-away dev primary --latch',
    );
  });
});

describe('a region that is not the primary one may be active, or both (S4.2)', () => {
  const colors = pc.createColors(false);
  const stores = (secondary: RouteDocument['route'] = 'home') => {
    const [one, other] = [memoryStore('eu-central-1'), memoryStore('eu-west-1', secondary)];
    return { primary: one.store, secondary: other.store };
  };

  it('with the secondary one active traffic leaves that, and a latch holds it in the primary one', async () => {
    const active = 'secondary';
    const away = { ...place(stores(), 'primary'), active } as const;
    expect(await moveRoute(away, { ...request, region: 'secondary' }, yes)).toMatchObject({
      writtenIn: 'eu-central-1',
      outcome: 'moved',
      moved: { to: 'primary' },
    });
    const latch = { ...place(stores(), 'primary'), active } as const;
    const held = await moveRoute(latch, { ...request, region: 'secondary', latch: true }, yes);
    expect(held).toMatchObject({ outcome: 'held', writtenIn: 'eu-central-1' });
    await expect(moveRoute(latch, { ...request, latch: true }, yes)).rejects.toThrow(
      /--latch is for the secondary region: DNS returns to it by itself, and never to the primary one/,
    );
    const back = { ...place(stores('away'), 'secondary'), active } as const;
    const report = await moveRoute(back, { kind: 'back', region: 'primary', wait: true }, yes);
    expect(report.outcome).toBe('unwatched');
    expect(describeRoute(report, colors)).toContain('DNS leads there again while the secondary region is unhealthy');
  });

  it('with both active one response of the other region says nothing: it takes ten in a row', async () => {
    let asked = 0;
    const drawn: RoutePlace = {
      ...place(stores()),
      active: undefined,
      watchAtLeast: 60,
      responding: async () => (++asked % 2 === 0 || asked > 4 ? 'secondary' : 'primary'),
    };
    vi.useFakeTimers();
    const moving = moveRoute(drawn, request, yes);
    await vi.advanceTimersByTimeAsync(30_000);
    vi.useRealTimers();
    expect(await moving).toMatchObject({ outcome: 'moved', moved: { to: 'secondary' } });
    expect(asked).toBe(13);
  });

  it('with both active there is nothing to hold, and what comes back is a share', async () => {
    const both = { ...place(stores('away'), 'primary'), active: undefined };
    await expect(moveRoute(both, { ...request, latch: true }, yes)).rejects.toThrow(/that it has is no failover/);
    const report = await moveRoute(both, { kind: 'back', region: 'primary', wait: true }, yes);
    expect(report.outcome).toBe('moved');
    expect(describeRoute(report, colors)).toContain("every client of the region's share led back there");
    const away = { ...place({ ...stores(), primary: memoryStore('eu-central-1', 'away').store }), active: undefined };
    await expect(moveRoute(away, request, yes)).rejects.toThrow(/takes all for healthy and answers with either\./);
  });
});
