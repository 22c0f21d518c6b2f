import { describe, expect, it } from 'vitest';
import { StateStorageError } from '#operator/cli/errors.ts';
import { EMPTY_JOURNAL, type JournalStore, type SwitchJournal } from '#operator/journal/switch-journal.ts';
import { copyEarlierStates } from '#operator/state/bootstrap.ts';
import { type ReturnReport, returnState } from '#operator/state/return-state.ts';

import { context } from '#tests/tools/operator/parameters/stores.ts';
import { keptCatchUp } from '#tests/tools/operator/regions/kept-catch-up.ts';
import { putState } from './memory-store.ts';
import { API, DATA, twoStores } from './two-stores.ts';

type Stores = ReturnType<typeof twoStores>;

/** A stage that was recovered: the second region has digests. */
function recoveredStores(): Stores {
  const stores = twoStores();
  for (const [key, digest] of stores.primary.digests) stores.secondary.digests.set(key, digest);
  return stores;
}

function memoryJournal(journal: SwitchJournal = EMPTY_JOURNAL): JournalStore & { journal: SwitchJournal } {
  const store = {
    journal,
    read: async () => store.journal,
    write: async (next: SwitchJournal) => {
      store.journal = next;
    },
  };
  return store;
}

function goBack(
  stores: Stores,
  bootstrapped: string[] = [],
  journals = { primary: memoryJournal(), secondary: memoryJournal() },
): Promise<ReturnReport> {
  const bootstrap = async () => {
    bootstrapped.push('bootstrap');
    stores.primary.gone = 'nothing';
  };
  return returnState(context, { stores, journals, catchUp: keptCatchUp(), bootstrap, onStep: () => undefined });
}

describe('state return (B10)', () => {
  it('copies what was written meanwhile and nothing else, digests included; the second time there is nothing to do', async () => {
    const stores = recoveredStores();
    putState(stores.secondary, API, { serial: 6, reads: [DATA] });
    expect((await goBack(stores)).states).toEqual([
      { stack: 'dev-api-primary', serial: 6, outcome: 'copied' },
      { stack: 'dev-data', serial: 3, outcome: 'same' },
    ]);
    expect(stores.primary.writes.filter((write) => write.startsWith('object'))).toEqual([`object ${API}`]);
    expect(stores.primary.objects).toEqual(stores.secondary.objects);
    expect(stores.primary.digests).toEqual(stores.secondary.digests);
    expect(new Set((await goBack(stores)).states.map(({ outcome }) => outcome))).toEqual(new Set(['same']));
    expect(stores.secondary.writes).toEqual([]);
  });

  it('takes the journal of switches back, too, so that a switch that was put back meanwhile is not unfinished again', async () => {
    const begun = '2026-01-01T12:00:00.000Z';
    const record = { id: 'a', kind: 'switch', from: 'envA', to: 'envB', hashes: {}, who: 'ada@here', begun } as const;
    const lost: SwitchJournal = { version: 1, switches: [{ ...record, outcome: 'begun', steps: [] }] };
    const reverted: SwitchJournal = {
      version: 1,
      switches: [{ ...record, outcome: 'reverted', ended: '2026-01-01T13:00:00.000Z', steps: [] }],
    };
    const journals = { primary: memoryJournal(lost), secondary: memoryJournal(reverted) };
    await goBack(recoveredStores(), [], journals);
    expect(journals.primary.journal).toEqual(reverted);
    const later = { primary: memoryJournal(reverted), secondary: memoryJournal(lost) };
    await goBack(recoveredStores(), [], later);
    expect(later.primary.journal).toEqual(reverted);
  });

  it('makes bucket and lock table again before it copies', async () => {
    const stores = recoveredStores();
    stores.primary.objects.clear();
    stores.primary.digests.clear();
    stores.primary.gone = 'bucket and table';
    const bootstrapped: string[] = [];
    const { states } = await goBack(stores, bootstrapped);
    expect(bootstrapped).toEqual(['bootstrap']);
    expect(new Set(states.map(({ outcome }) => outcome))).toEqual(new Set(['copied']));
    // As Terraform does: a state is there before its digest says so.
    expect(stores.primary.writes).toEqual([`object ${API}`, `digest ${API}`, `object ${DATA}`, `digest ${DATA}`]);
  });

  it.each([
    [
      'is newer in the primary region',
      (s: Stores) => putState(s.primary, DATA, { serial: 4 }),
      /serial 4 in eu-central-1, 3 in eu-west-1.+written later/,
    ],
    [
      'was written in both regions',
      (s: Stores) => {
        putState(s.primary, DATA, { serial: 4, note: 'here' });
        putState(s.secondary, DATA, { serial: 4, note: 'there' });
      },
      /the same lineage: it was written in both/,
    ],
    [
      'is of another lineage',
      (s: Stores) => putState(s.primary, DATA, { serial: 1, lineage: 'other' }),
      /another lineage/,
    ],
    [
      'is in the primary region only',
      (s: Stores) => putState(s.primary, 'dev/dev-routing.tfstate'),
      /only eu-central-1 has its state/,
    ],
    [
      'does not match its digest',
      (s: Stores) => s.secondary.digests.delete(DATA),
      /dev-data: its state is not what its digest/,
    ],
    [
      'is not there though another reads from it',
      (s: Stores) => s.secondary.objects.delete(DATA),
      /reads from dev-data/,
    ],
    [
      'is locked in the second region',
      (s: Stores) => s.secondary.locked.set(DATA, { id: '7', who: 'a@b', operation: 'o', since: 'now' }),
      /locked by a@b/,
    ],
    [
      'is locked in the primary region',
      (s: Stores) => s.primary.locked.set(DATA, { id: '7', who: 'a@b', operation: 'o', since: 'now' }),
      /locked in eu-central-1 by a@b/,
    ],
  ])('writes nothing where a state %s', async (_, break_, message) => {
    const stores = recoveredStores();
    putState(stores.secondary, API, { serial: 6, reads: [DATA] });
    break_(stores);
    const bootstrapped: string[] = [];
    const failure = await goBack(stores, bootstrapped).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StateStorageError);
    expect(String(failure)).toMatch(message);
    expect([...stores.primary.writes, ...bootstrapped]).toEqual([]);
  });

  it('goes on after a crash between a state and its digest', async () => {
    const stores = recoveredStores();
    putState(stores.secondary, API, { serial: 6, reads: [DATA] });
    const { writeDigest } = stores.primary;
    stores.primary.writeDigest = () => Promise.reject(new Error('killed'));
    await expect(goBack(stores)).rejects.toThrow('killed');
    stores.primary.writeDigest = writeDigest;
    expect((await goBack(stores)).states[0]).toEqual({ stack: 'dev-api-primary', serial: 6, outcome: 'same' });
    expect(stores.primary.digests).toEqual(stores.secondary.digests);
  });

  it('says so when somebody deployed while it copied', async () => {
    const stores = recoveredStores();
    const { writeDigest } = stores.primary;
    stores.primary.writeDigest = async (key, digest) => {
      await writeDigest(key, digest);
      putState(stores.secondary, API, { serial: 9, reads: [DATA] });
    };
    await expect(goBack(stores)).rejects.toThrow(/Changed while they were copied: dev-api-primary\..+run it again/);
  });
});

describe('states from before the replication (B10)', () => {
  it('are copied where there is no copy; a copy is left alone', async () => {
    const stores = twoStores();
    stores.secondary.objects.delete(DATA);
    putState(stores.secondary, API, { serial: 4 });
    expect(await copyEarlierStates(stores)).toBe(1);
    expect(stores.secondary.writes).toEqual([`object ${DATA}`]);
    expect(await copyEarlierStates(stores)).toBe(0);
  });
});
