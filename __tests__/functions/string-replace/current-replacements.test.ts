import { describe, expect, it, vi } from 'vitest';
import { currentReplacements } from '#functions/string-replace/current-replacements.ts';

function setUp(...values: (string | Error)[]) {
  const clock = { now: 0, random: 0 };
  const read = vi.fn(async () => {
    const value = values.length > 1 ? values.shift() : values[0];
    if (typeof value !== 'string') throw value;
    return value;
  });
  const onFailure = vi.fn();
  const times = { now: () => clock.now, random: () => clock.random };
  const current = currentReplacements({ read, lifetimeMs: 5000, onFailure, ...times });
  return { clock, read, onFailure, replace: async (content: string) => (await current())?.(content) };
}

describe('currentReplacements (S3.1)', () => {
  it('reads the map once in its lifetime, and sees a change after it', async () => {
    const { clock, read, replace } = setUp('{"a":"1"}', '{"a":"2"}');
    expect(await replace('a')).toBe('1');
    clock.now = 4999;
    expect(await replace('a')).toBe('1');
    expect(read).toHaveBeenCalledTimes(1);
    clock.now = 5000;
    expect(await replace('a')).toBe('2');
  });

  it('reads once for requests that come at the same time', async () => {
    const { read, replace } = setUp('{"a":"1"}');
    expect(await Promise.all([replace('a'), replace('a')])).toEqual(['1', '1']);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('compiles a map once as long as it stays the same', async () => {
    const { clock, read } = setUp('{}');
    const current = currentReplacements({
      read,
      lifetimeMs: 5000,
      onFailure: vi.fn(),
      now: () => clock.now,
      random: () => 0,
    });
    const first = await current();
    clock.now = 9000;
    expect(await current()).toBe(first);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('keeps the last good map when reading fails, and tries again after the lifetime', async () => {
    const { clock, onFailure, read, replace } = setUp('{"a":"1"}', new Error('throttled'), '{"a":"2"}');
    await replace('a');
    clock.now = 5000;
    expect(await replace('a')).toBe('1');
    expect(onFailure).toHaveBeenCalledWith(expect.stringContaining('cannot be read'), new Error('throttled'));
    clock.now = 6000;
    await replace('a');
    expect(read).toHaveBeenCalledTimes(2);
    clock.now = 10_000;
    expect(await replace('a')).toBe('2');
  });

  it('keeps the last good map when the new one is malformed, and says once which key', async () => {
    const { clock, onFailure, replace } = setUp('{"a":"1"}', '{"a":{"b":1}}', '{"a":{"b":1}}', '{"a":"3"}');
    await replace('a');
    for (clock.now = 5000; clock.now <= 10_000; clock.now += 5000) expect(await replace('a')).toBe('1');
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(String(onFailure.mock.calls[0]?.[1])).toContain('"a"');
    expect(await replace('a')).toBe('3');
  });

  it('has none as long as there never was a good one, and asks again soon, then later and later (F24)', async () => {
    const { clock, read, replace } = setUp(new Error('ThrottlingException'));
    const asked: number[] = [];
    for (let calls = 0; clock.now < 60_000; clock.now += 50) {
      expect(await replace('a')).toBeUndefined();
      if (read.mock.calls.length > calls) asked.push(clock.now);
      calls = read.mock.calls.length;
    }
    expect(asked).toEqual([0, 250, 750, 1750, 3750, 7750, 15_750, 31_750, 51_750]);
  });

  it('takes the first good one, after a failure and after one that is none', async () => {
    const { clock, replace } = setUp(new Error('ParameterNotFound'), '[]', '{"a":"1"}');
    expect(await replace('a')).toBeUndefined();
    clock.now = 250;
    expect(await replace('a')).toBeUndefined();
    clock.now = 750;
    expect(await replace('a')).toBe('1');
  });

  it('keeps a good one through a long outage, which it asks about every four lifetimes in the end (F24)', async () => {
    const { clock, read, replace } = setUp('{"a":"1"}', new Error('ThrottlingException'));
    for (; clock.now <= 100_000; clock.now += 1000) expect(await replace('a')).toBe('1');
    // 0, 5, 10, 20, 40, 60, 80, 100 s
    expect(read).toHaveBeenCalledTimes(8);
  });

  it('parts execution environments that started together', async () => {
    const { clock, read, replace } = setUp('{"a":"1"}');
    clock.random = 1;
    await replace('a');
    clock.now = 3999;
    await replace('a');
    expect(read).toHaveBeenCalledTimes(1);
    clock.now = 4000;
    await replace('a');
    expect(read).toHaveBeenCalledTimes(2);
  });
});
