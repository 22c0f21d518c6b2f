import { describe, expect, it } from 'vitest';
import {
  type RoutingSources,
  recordsBehind,
  requireUnusedEdge,
  routingProblem,
} from '#operator/deploy/routing-change.ts';
import type { LiveRouting } from '#operator/live/public-records.ts';
import type { RegionType } from '#stacks/context.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';

describe('settings that would send live traffic elsewhere (S4.2)', () => {
  const ask = (
    changes: Partial<typeof context.settings>,
    live: readonly Omit<LiveRouting, 'name'>[],
    away?: RegionType,
  ) => {
    const sources: RoutingSources = {
      live: async () =>
        live.map((each, at) => ({ name: ['api.example.com', 'events.example.com'][at] ?? '', ...each })),
      isAwayFrom: async (region) => region === away,
    };
    return routingProblem({ ...context, settings: { ...context.settings, ...changes } }, sources);
  };
  const leadsTo = (active: RegionType) => ({ policy: 'failover', active }) as const;

  it('are none while records lead where the settings say, and none before there are records', async () => {
    expect(await ask({}, [leadsTo('primary'), leadsTo('primary')])).toBeUndefined();
    expect(await ask({ activeRegion: 'secondary' }, [leadsTo('secondary')])).toBeUndefined();
    expect(await ask({ activeRegion: 'secondary', routingPolicy: 'latency' }, [])).toBeUndefined();
    expect(await ask({ routingPolicy: 'weighted' }, [{ policy: 'weighted' }])).toBeUndefined();
  });

  it('make another region the active one only once traffic is there, also where an earlier deploy stopped half-way', async () => {
    const there = { activeRegion: 'secondary' } as const;
    const half = [leadsTo('secondary'), leadsTo('primary')];
    for (const live of [[leadsTo('primary')], half]) {
      expect(await ask(there, live)).toMatch(
        /ACTIVE_REGION is "secondary".+First: two-region route-away dev primary --drain, then this again, then two-region route-back dev primary/,
      );
      expect(await ask(there, live, 'primary')).toBeUndefined();
      expect(await ask(there, live, 'secondary')).toBeDefined();
    }
    expect(await ask({}, [leadsTo('secondary')])).toMatch(/route-away dev secondary --drain/);
  });

  it('give records another policy only once they have it', async () => {
    const problem = await ask({ routingPolicy: 'weighted' }, [leadsTo('primary')], 'primary');
    expect(problem).toMatch(
      /records of api\.example\.com are failover records: Route 53 refuses.+"Another routing policy"/,
    );
    expect(await ask({}, [{ policy: 'latency' }])).toMatch(/ROUTING_POLICY is "failover".+are latency records/);
  });

  it('S4.1: take no edge away while names lead to it, and close no region while they do not', async () => {
    const edge = (state: 'active' | 'none' | 'standby', bypass: 'closed' | 'open' = 'open') => ({
      edge: { state, bypass, priceClass: 'PriceClass_100' as const },
    });
    const toEdge = { policy: 'failover', leadsToEdge: true } as const;
    expect(await ask(edge('none'), [toEdge])).toMatch(
      /EDGE is "none", and api\.example\.com leads to CloudFront.+First: EDGE="standby"/,
    );
    expect(await ask(edge('standby'), [toEdge, toEdge])).toBeUndefined();
    expect(await ask(edge('active'), [leadsTo('primary')])).toBeUndefined();
    expect(await ask(edge('active', 'closed'), [toEdge, leadsTo('primary')])).toMatch(
      /EDGE_BYPASS is "closed", and events\.example\.com leads to the regions.+First: EDGE="active" with EDGE_BYPASS="open"/,
    );
    expect(await ask(edge('active', 'closed'), [toEdge, toEdge])).toBeUndefined();
    // The names of the origins lead to the regions as long as there is an edge, and say which of them is active.
    const origin = { name: 'origin.api.example.com', ...leadsTo('primary') };
    expect(await ask(edge('active', 'closed'), [toEdge, origin])).toBeUndefined();
    expect(await ask({ ...edge('active'), activeRegion: 'secondary' }, [toEdge, origin])).toMatch(/ACTIVE_REGION is/);
    expect(() => requireUnusedEdge('dev', [{ name: 'api.example.com', ...toEdge }])).toThrow(/First: EDGE="standby"/);
    expect(() => requireUnusedEdge('dev', [{ name: 'api.example.com', ...leadsTo('primary') }])).not.toThrow();
    const behind = (changes: Partial<typeof context.settings>, ...live: readonly LiveRouting[]) =>
      recordsBehind({ ...context, settings: { ...context.settings, ...changes } }, live);
    const api = { name: 'api.example.com', ...toEdge };
    expect(behind(edge('active'), api, origin)).toEqual([]);
    expect(behind(edge('standby'), api, origin)).toEqual([
      expect.stringMatching(/^EDGE is "standby", and api\.example\.com leads to CloudFront\./),
    ]);
  });

  it('are said wherever records are not what they say, also between the move and the deploy', () => {
    const behind = (changes: Partial<typeof context.settings>, ...live: readonly LiveRouting[]) =>
      recordsBehind({ ...context, settings: { ...context.settings, ...changes } }, live);
    const [rest, http] = [
      { name: 'api.example.com', ...leadsTo('primary') },
      { name: 'events.example.com', ...leadsTo('secondary') },
    ];
    expect(behind({}, rest)).toEqual([]);
    expect(behind({ activeRegion: 'secondary' }, rest, http)).toEqual([
      expect.stringMatching(
        /^The records of api\.example\.com are not .+ACTIVE_REGION is "secondary", and they lead to the primary region.+deploy dev --plan/,
      ),
    ]);
    expect(behind({ routingPolicy: 'latency' }, rest, http)).toEqual([
      expect.stringMatching(
        /^The records of api\.example\.com and events\.example\.com .+and they are failover records/,
      ),
    ]);
  });
});
