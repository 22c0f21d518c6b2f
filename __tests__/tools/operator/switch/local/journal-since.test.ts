import { expect, it } from 'vitest';
import type { SwitchJournal, SwitchRecord } from '#operator/journal/switch-journal.ts';
import { journalSince } from '#operator/switch/local/local-switch-place.ts';

const record = (id: string, begun: string): SwitchRecord => ({
  id,
  kind: 'switch',
  from: 'envA',
  to: 'envB',
  hashes: {},
  who: 'me@here',
  begun,
  outcome: 'begun',
  steps: [],
});

it('B3: the journal of a runtime knows nothing of switches of the runtime before it, not even of unfinished ones', async () => {
  const kept: SwitchJournal = {
    version: 1,
    switches: [record('before', '2026-01-01T00:00:00.000Z'), record('since', '2026-01-02T00:00:00.000Z')],
  };
  const written: SwitchJournal[] = [];
  const write = async (journal: SwitchJournal) => void written.push(journal);
  const store = journalSince({ read: async () => kept, write }, Date.parse('2026-01-01T12:00:00Z'));
  const { switches } = await store.read();
  expect(switches.map(({ id }) => id)).toEqual(['since']);
  await store.write(kept);
  expect(written).toEqual([kept]);
});
