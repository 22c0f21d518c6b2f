import { describe, expect, it } from 'vitest';
import { createQuota, windowStart } from '#local/gateway/rest/api-keys.ts';

const at = (iso: string) => Date.parse(iso);

describe('S3.4: quota', () => {
  it('counts in a window and starts anew in the next', () => {
    let now = at('2026-11-21T23:59:59.999Z');
    const quota = createQuota({ limit: 2, offset: 0, period: 'DAY' }, () => now);
    expect([quota(), quota(), quota()]).toEqual([true, true, false]);
    now += 1;
    expect([quota(), quota(), quota()]).toEqual([true, true, false]);
  });

  it.each([
    ['DAY', 0, '2026-11-21T13:00:00Z', '2026-11-21T00:00:00Z'],
    ['WEEK', 0, '2026-11-21T13:00:00Z', '2026-11-15T00:00:00Z'],
    ['WEEK', 0, '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['WEEK', 1, '2026-11-22T13:00:00Z', '2026-11-16T00:00:00Z'],
    ['MONTH', 0, '2026-02-28T23:59:59Z', '2026-02-01T00:00:00Z'],
    ['MONTH', 14, '2026-01-10T00:00:00Z', '2025-12-15T00:00:00Z'],
    ['MONTH', 14, '2026-01-15T00:00:00Z', '2026-01-15T00:00:00Z'],
  ] as const)('a %s with offset %i that holds %s began %s', (period, offset, time, start) => {
    expect(new Date(windowStart(at(time), period, offset)).toISOString()).toBe(new Date(start).toISOString());
  });
});
