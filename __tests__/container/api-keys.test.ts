import { describe, expect, it, vi } from 'vitest';
import { apiKeys } from '#container/api-keys.ts';

const OLD = 'old-key-of-the-partner-0001';
const NEW = 'new-key-of-the-partner-0002';

function setUp(...values: (string | Error)[]) {
  const clock = { now: 0 };
  const read = vi.fn(async () => {
    const value = values.length > 1 ? values.shift() : values[0];
    if (typeof value !== 'string') throw value;
    return value;
  });
  const onFailure = vi.fn();
  return { clock, read, onFailure, admit: apiKeys({ read, lifetimeMs: 5000, onFailure, now: () => clock.now }) };
}

describe('API keys of the container (S3.12)', () => {
  it('admits each of several, and says who came by what opens nothing', async () => {
    const { admit } = setUp(`${NEW}, ${OLD}`);
    const [first, second] = [await admit(OLD), await admit(NEW)];
    for (const one of [first, second]) expect(one).toEqual({ fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect(first).not.toEqual(second);
  });

  it.each([
    undefined,
    '',
    OLD.slice(0, -1),
    `${OLD}x`,
    OLD.toUpperCase(),
    `${NEW},${OLD}`,
    '__proto__',
    '\u0000',
    'x'.repeat(10_000),
  ])('refuses %j', async (key) => {
    expect(await setUp(`${NEW},${OLD}`).admit(key)).toBe('refused');
  });

  it('are rotated without a restart: the new one is admitted and the old one refused within the lifetime', async () => {
    const { admit, clock, read } = setUp(OLD, `${NEW},${OLD}`, NEW);
    expect(await admit(NEW)).toBe('refused');
    clock.now = 5000;
    expect([await admit(OLD), await admit(NEW)]).toEqual([expect.anything(), expect.anything()]);
    expect(read).toHaveBeenCalledTimes(2);
    clock.now = 10_000;
    expect(await admit(OLD)).toBe('refused');
    expect(await admit(NEW)).not.toBe('refused');
  });

  it('stay as they were while the list cannot be read or is none, and no key is in what is said of it', async () => {
    const { admit, clock, onFailure } = setUp(OLD, new Error('throttled'), `${NEW},short`, OLD);
    await admit(OLD);
    for (clock.now = 5000; clock.now <= 15_000; clock.now += 5000) expect(await admit(OLD)).not.toBe('refused');
    expect(onFailure.mock.calls.map(([message, cause]) => [message, String(cause)])).toEqual([
      ['The list of API keys cannot be read; the last good one stays', 'Error: throttled'],
      [
        'The list of API keys is refused; the last good one stays',
        'Error: 1 of 2 API keys have another length than 20 to 128 characters.',
      ],
    ]);
  });

  it('admit nobody as long as there never was a list', async () => {
    const { admit, clock } = setUp(new Error('AccessDenied'), OLD);
    expect(await admit(OLD)).toBe('unavailable');
    // Asked again later, and not by every request.
    expect(await admit(OLD)).toBe('unavailable');
    clock.now = 250;
    expect(await admit(OLD)).not.toBe('unavailable');
  });
});
