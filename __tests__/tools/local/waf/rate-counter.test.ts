import { describe, expect, it } from 'vitest';
import { RateCounter } from '#local/waf/rate-counter.ts';

/** A counter of 30 s and at most 3 requests, by a clock that the test moves. */
function start() {
  let now = 100;
  const counter = new RateCounter(3, 30, () => now);
  const add = (times: number, key = 'one') => Array.from({ length: times }, () => counter.add(key)).at(-1);
  return { add, at: (tenSeconds: number) => (now = tenSeconds) };
}

describe('the rate of a client, as AWS WAF counts it (S3.8)', () => {
  it('is looked at every ten seconds: what comes before that passes, however much it is', () => {
    const { add, at } = start();
    expect(add(50)).toBe(false);
    at(101);
    expect(add(1)).toBe(true);
    expect(add(1, 'other')).toBe(false);
  });

  it('is above the limit, not at it', () => {
    const { add, at } = start();
    add(3);
    at(101);
    expect(add(1)).toBe(false);
    at(102);
    expect(add(1)).toBe(true);
  });

  it('counts what is blocked, and lets the client pass once the window is below the limit', () => {
    const { add, at } = start();
    add(4);
    at(101);
    expect(add(1)).toBe(true);
    // The window is 100 to 102: five requests.
    at(103);
    expect(add(1)).toBe(true);
    // 101 to 103: two.
    at(104);
    expect(add(1)).toBe(false);
  });

  it.each([102, 103, 104, 105, 110])('takes all three counts of the window, when nobody came until %i', (later) => {
    const { add, at } = start();
    add(4);
    at(later);
    expect(add(1)).toBe(later <= 103);
  });
});
