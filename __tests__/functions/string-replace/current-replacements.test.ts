import { describe, expect, it, vi } from 'vitest';
import { currentReplacements } from '#functions/string-replace/current-replacements.ts';

function setUp(...values: (string | Error)[]) {
  const clock = { now: 0 };
  const read = vi.fn(async () => {
    const value = values.length > 1 ? values.shift() : values[0];
    if (typeof value !== 'string') throw value;
    return value;
  });
  const onFailure = vi.fn();
  const current = currentReplacements({ read, lifetimeMs: 5000, onFailure, now: () => clock.now });
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
    const current = currentReplacements({ read, lifetimeMs: 5000, onFailure: vi.fn(), now: () => clock.now });
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

  it('has none as long as there never was a good one, and asks every time', async () => {
    const { replace } = setUp(new Error('ParameterNotFound'), '[]', '{"a":"1"}');
    expect(await replace('a')).toBeUndefined();
    expect(await replace('a')).toBeUndefined();
    expect(await replace('a')).toBe('1');
  });
});
