import { hostname } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { isOwnerGone, type LockOptions, LostLockError, underLock, underLocks } from '#operator/lock/hold-lock.ts';
import type { LockStore } from '#operator/lock/lock-store.ts';
import { documentsHere } from '#tests/tools/operator/journal/kept-documents.ts';
import { FakedPlace } from '#tests/tools/operator/switch/faked-place.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T12:00:00Z');
const ada = { user: 'ada', host: 'here', pid: 1 };
const bob = { user: 'bob', host: 'there', pid: 2 };

function locks(documents: ReturnType<typeof documentsHere>): LockStore {
  const [store] = localSwitchRecords(documents).locks;
  if (store === undefined) throw new Error('The local runtime has no lock.');
  return store;
}

const stores: readonly (readonly [string, () => LockStore])[] = [
  ['in memory', () => new FakedPlace().lockStore()],
  ['in the local runtime', () => locks(documentsHere())],
];

const options = (owner: typeof ada, now: number): LockOptions => ({ owner, now: () => now, isGone: () => false });

describe.each(stores)('a lock %s', (_, open) => {
  it('is held while the work runs, for 15 minutes at a time, and released (B3)', async () => {
    const store = open();
    await underLock(store, options(ada, START), async () => {
      expect(await store.read()).toMatchObject({
        ...ada,
        begun: '2026-01-01T12:00:00.000Z',
        expires: '2026-01-01T12:15:00.000Z',
      });
    });
    expect(await store.read()).toBeUndefined();
  });

  it('is released when the work fails', async () => {
    const store = open();
    await expect(underLock(store, options(ada, START), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await store.read()).toBeUndefined();
  });

  it('excludes everybody else until it expires, and says who holds it and until when (B3)', async () => {
    const store = open();
    await underLock(store, options(ada, START), async () => {
      await expect(underLock(store, options(bob, START + 14 * MINUTE), async () => 'in')).rejects.toThrow(
        /ada@here \(process 1\), since 2026-01-01T12:00:00\.000Z.+expires at 2026-01-01T12:15:00\.000Z/,
      );
    });
  });

  it('is taken over once it has expired; who held it before finds that out and does not release it (B3)', async () => {
    const store = open();
    const failure = underLock(store, options(ada, START), async (lock) => {
      let free = () => {};
      const taken = new Promise<void>((isTaken) => {
        void underLock(store, options(bob, START + 16 * MINUTE), () => {
          isTaken();
          return new Promise<void>((resolve) => {
            free = resolve;
          });
        });
      });
      await taken;
      await lock.renew().finally(async () => {
        expect(await store.read()).toMatchObject(bob);
        free();
      });
    });
    await expect(failure).rejects.toThrow(LostLockError);
    await expect(failure).rejects.toThrow(/bob@there.+took it over/);
  });

  it('is taken over at once when its process is known to have ended', async () => {
    const store = open();
    await store.replace(undefined, { token: 'old', ...ada, begun: iso(START), expires: iso(START + 15 * MINUTE) });
    const gone = { ...options(bob, START + 1), isGone: () => true };
    expect(await underLock(store, gone, async () => (await store.read())?.user)).toBe('bob');
  });

  it('is moved on by every renewal, also by those that come at once', async () => {
    const store = open();
    let now = START;
    await underLock(store, { ...options(ada, START), now: () => now }, async (lock) => {
      now += 10 * MINUTE;
      await Promise.all([lock.renew(), lock.renew(), lock.renew()]);
      expect(await store.read()).toMatchObject({ expires: iso(START + 25 * MINUTE) });
    });
  });

  it('goes to one only of many that want it in the same moment', async () => {
    const store = open();
    let inside = 0;
    const tries = Array.from({ length: 8 }, (_, pid) =>
      underLock(store, options({ ...ada, pid }, START), async () => {
        inside += 1;
        expect(inside).toBe(1);
        await store.read();
        inside -= 1;
        return 'in';
      }).catch((error: unknown) => {
        if (!(error instanceof RefusedError)) throw error;
        return 'refused';
      }),
    );
    expect(await Promise.all(tries)).toContain('in');
    expect(await store.read()).toBeUndefined();
  });

  it('changes hands only if it is still what was read', async () => {
    const store = open();
    const record = { token: 'a', ...ada, begun: iso(START), expires: iso(START + 1) };
    expect(await store.replace(undefined, record)).toBe(true);
    expect(await store.replace(undefined, { ...record, token: 'b' })).toBe(false);
    expect(await store.replace({ ...record, expires: iso(START) }, { ...record, token: 'b' })).toBe(false);
    expect(await store.read()).toEqual(record);
    const both = await Promise.all(['b', 'c'].map((token) => store.replace(record, { ...record, token })));
    expect(both.filter(Boolean)).toHaveLength(1);
    expect((await store.read())?.token).toBe(both[0] ? 'b' : 'c');
  });
});

describe('renewals', () => {
  it('go on in the background while a step takes long', async () => {
    vi.useFakeTimers({ now: START });
    try {
      const stage = new FakedPlace();
      await underLock(stage.lockStore(), { owner: ada, isGone: () => false }, async () => {
        await vi.advanceTimersByTimeAsync(30 * MINUTE);
        expect(stage.lock?.expires).toBe(iso(START + 45 * MINUTE));
      });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the owner of a lock', () => {
  it('is known to be gone only on this machine', () => {
    const ended = 2 ** 22 + 1;
    expect(isOwnerGone({ user: 'ada', host: hostname(), pid: process.pid })).toBe(false);
    expect(isOwnerGone({ user: 'ada', host: hostname(), pid: ended })).toBe(true);
    expect(isOwnerGone({ user: 'ada', host: 'another machine', pid: ended })).toBe(false);
  });
});

function iso(time: number): string {
  return new Date(time).toISOString();
}

describe('a lock in each region (B16)', () => {
  const regions = () => ({ primary: new FakedPlace().lockStore(), secondary: new FakedPlace().lockStore() });
  const cutOff: LockStore = {
    read: () => Promise.reject(new Error('no way there')),
    replace: () => Promise.reject(new Error('no way there')),
  };

  it("is held by one of two operators on two sides of a partition: nobody changes a region without that region's own", async () => {
    const { primary, secondary } = regions();
    // Ada reaches both regions and works in both; then the way between is cut, and Bob reaches the secondary alone.
    await underLocks([primary, secondary], options(ada, START), async () => {
      await expect(underLocks([secondary], options(bob, START), async () => 'in')).rejects.toThrow(/ada@here/);
    });
    // Bob works in the secondary alone: who needs both gets neither, and who needs the primary alone works on.
    await underLocks([secondary], options(bob, START), async () => {
      await expect(underLocks([primary, secondary], options(ada, START), async () => 'in')).rejects.toThrow(
        /bob@there/,
      );
      expect(await primary.read()).toBeUndefined();
      await expect(underLocks([primary, cutOff], options(ada, START), async () => 'in')).rejects.toThrow(
        'no way there',
      );
      expect(await underLocks([primary], options(ada, START), async () => 'in')).toBe('in');
    });
  });

  it('is one of one command: renewed and given back together, lost when either is', async () => {
    const { primary, secondary } = regions();
    await underLocks([primary, secondary], options(ada, START), async (lock) => {
      const held = await Promise.all([primary.read(), secondary.read()]);
      expect(held.map((record) => record?.token)).toEqual([lock.token, lock.token]);
      await lock.renew();
      await secondary.replace(await secondary.read(), undefined);
      await expect(lock.renew()).rejects.toThrow(LostLockError);
    });
    expect(await Promise.all([primary.read(), secondary.read()])).toEqual([undefined, undefined]);
  });
});
