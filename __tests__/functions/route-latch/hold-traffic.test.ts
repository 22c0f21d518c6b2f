import { describe, expect, it } from 'vitest';
import type { RouteDocument } from '#contract/route-document.ts';
import { holdTraffic, type LatchPorts } from '#functions/route-latch/hold-traffic.ts';

/** The secondary region; `beforeWrite` happens just before its object is written. */
function secondary(changes: {
  readonly responding?: string | undefined;
  /** Who answers at each look, where that changes. */
  readonly answered?: { readonly by: string };
  readonly says?: RouteDocument;
  readonly opposite?: readonly (RouteDocument['route'] | undefined)[];
  readonly beforeWrite?: (change: (next: RouteDocument) => void) => void;
}) {
  let state = { document: changes.says ?? ({ route: 'home' } as RouteDocument), version: 1 };
  const opposite = [...(changes.opposite ?? ['home', 'home'])];
  const change = (next: RouteDocument) => {
    state = { document: next, version: state.version + 1 };
  };
  const ports: LatchPorts = {
    region: 'eu-west-1',
    responding: async () => changes.answered?.by ?? changes.responding,
    own: {
      read: async () => ({ document: state.document, version: String(state.version) }),
      write: async (document, version) => {
        changes.beforeWrite?.(change);
        if (version !== String(state.version)) return false;
        change(document);
        return true;
      },
    },
    opposite: async () => opposite.shift(),
    now: () => new Date('2026-01-02T03:04:05Z'),
  };
  return { look: () => holdTraffic(ports), says: () => state.document };
}

const moved = { responding: 'eu-west-1' };

describe('the latch of the secondary region (B24)', () => {
  it('holds traffic that DNS has brought here, and says what did it and why', async () => {
    const { look, says } = secondary(moved);
    expect(await look()).toEqual({ outcome: 'now held', route: 'away' });
    expect(says()).toEqual({
      route: 'away',
      since: '2026-01-02T03:04:05.000Z',
      by: 'latch',
      reason: expect.any(String),
    });
    expect(await look()).toEqual({ outcome: 'held', route: 'away' });
  });

  it('holds it with the other region gone: what it says counts for nothing', async () => {
    const { look } = secondary({ ...moved, opposite: [undefined, undefined] });
    expect(await look()).toMatchObject({ outcome: 'now held' });
  });

  it.each([
    ['not moved', { responding: 'eu-central-1' }],
    ['nobody responds', { responding: undefined }],
    ['kept away from here', { ...moved, opposite: ['away'] as const }],
  ])('writes nothing: %s', async (outcome, changes) => {
    const { look, says } = secondary(changes);
    expect(await look()).toEqual({ outcome, route: 'home' });
    expect(says()).toEqual({ route: 'home' });
  });

  it('leaves what an operator has written as it is', async () => {
    const says: RouteDocument = { route: 'away', since: '2025-01-01T00:00:00.000Z' };
    const latch = secondary({ ...moved, says });
    expect(await latch.look()).toEqual({ outcome: 'held', route: 'away' });
    expect(latch.says()).toBe(says);
  });

  it('holds nothing that was let go before it has returned, and the next failover after that', async () => {
    const since = '2026-01-01T00:00:00.000Z';
    const answered = { by: 'eu-west-1' };
    const { look, says } = secondary({ says: { route: 'home', since }, answered });
    expect(await look()).toEqual({ outcome: 'let go', route: 'home' });
    answered.by = 'eu-central-1';
    expect(await look()).toEqual({ outcome: 'not moved', route: 'home' });
    expect(says()).toEqual({ route: 'home', since, returned: true });
    answered.by = 'eu-west-1';
    expect(await look()).toEqual({ outcome: 'now held', route: 'away' });
  });

  it('gives way to whoever writes at the same time', async () => {
    const { look, says } = secondary({ ...moved, beforeWrite: (change) => change({ route: 'home' }) });
    expect(await look()).toEqual({ outcome: 'changed meanwhile', route: 'home' });
    expect(says()).toEqual({ route: 'home' });
  });

  it('takes its word back where traffic was sent away from here in the same moment', async () => {
    const { look, says } = secondary({ ...moved, opposite: ['home', 'away'] });
    expect(await look()).toEqual({ outcome: 'kept away from here', route: 'home' });
    expect(says()).toMatchObject({ route: 'home' });
  });
});
