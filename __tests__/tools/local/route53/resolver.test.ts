import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { DnsRecord } from '#local/model/model.ts';
import { type Resolver, startResolver } from '#local/route53/resolver.ts';

let resolver: Resolver | undefined;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(async () => {
  await resolver?.close();
  vi.useRealTimers();
});

function start(timeScale: number) {
  let region: 'primary' | 'secondary' | undefined = 'primary';
  const record = (): DnsRecord | undefined =>
    region && { name: 'api.example.com', type: 'A', aliasTarget: region, ttlSeconds: 60 };
  const log = new RuntimeLog();
  resolver = startResolver({
    name: 'api.example.com',
    dns: { resolve: record, refresh: () => {} },
    regionOf: (target) => (target === 'primary' || target === 'secondary' ? target : undefined),
    timeScale,
    log,
  });
  return {
    resolver,
    log,
    lead: (to: typeof region) => {
      region = to;
    },
  };
}

describe('the resolver of the entry (S0.17)', () => {
  it('keeps an answer for its TTL, then asks again and logs that the entry moved', () => {
    const { resolver, log, lead } = start(1);
    lead('secondary');
    vi.advanceTimersByTime(59_999);
    expect(resolver.current()).toMatchObject({ region: 'primary', since: 0 });
    vi.advanceTimersByTime(1);
    expect(resolver.current()).toMatchObject({ region: 'secondary', since: 60_000 });
    expect(log.query(() => true)).toEqual([
      { kind: 'entry', time: 60_000, name: 'api.example.com', from: 'primary', to: 'secondary' },
    ]);
  });

  it('keeps an answer of its own for clients of another place, and logs nothing of it (S4.2)', async () => {
    const asked: (string | undefined)[] = [];
    const log = new RuntimeLog();
    let [here, there] = ['primary', 'secondary'];
    resolver = startResolver({
      name: 'api.example.com',
      dns: {
        resolve: (name, place) => {
          asked.push(place);
          return { name, type: 'A', aliasTarget: place === undefined ? here : there, ttlSeconds: 60 };
        },
        refresh: () => {},
      },
      regionOf: (target) => (target === 'primary' || target === 'secondary' ? target : undefined),
      timeScale: 1,
      log,
    });
    expect([resolver.current(), resolver.current('us-east-1'), resolver.current('us-east-1')]).toMatchObject([
      { region: 'primary' },
      { region: 'secondary' },
      { region: 'secondary' },
    ]);
    expect(asked).toEqual([undefined, 'us-east-1']);
    there = 'primary';
    vi.advanceTimersByTime(60_000);
    expect(resolver.current('us-east-1')).toMatchObject({ region: 'primary' });
    expect(log.query(() => true)).toEqual([]);
    here = 'secondary';
    vi.advanceTimersByTime(60_000);
    expect(log.query(() => true)).toMatchObject([{ kind: 'entry', to: 'secondary' }]);
    await resolver.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('divides the TTL by the time scale', () => {
    const { resolver, lead } = start(100);
    lead('secondary');
    vi.advanceTimersByTime(600);
    expect(resolver.current()?.region).toBe('secondary');
  });

  it('has no answer for a name without a record, and finds it once it is there', () => {
    const { resolver, lead } = start(1);
    lead(undefined);
    vi.advanceTimersByTime(60_000);
    expect(resolver.current()).toBeUndefined();
    lead('primary');
    vi.advanceTimersByTime(60_000);
    expect(resolver.current()).toMatchObject({ region: 'primary', since: 120_000 });
  });
});
