import { describe, expect, it } from 'vitest';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import {
  EMPTY_JOURNAL,
  lastDone,
  parseJournal,
  type SwitchRecord,
  unfinished,
  withRecord,
} from '#operator/journal/switch-journal.ts';
import { documentsHere } from './kept-documents.ts';

const record = (id: string, outcome: SwitchRecord['outcome'] = 'done'): SwitchRecord => ({
  id,
  kind: 'switch',
  from: 'envA',
  to: 'envB',
  hashes: { from: 'aaa' },
  who: 'ada@here',
  begun: '2026-01-01T12:00:00.000Z',
  outcome,
  steps: [
    {
      action: 'move',
      subject: 'routing',
      environment: 'envB',
      begun: '2026-01-01T12:00:01.000Z',
      ended: '2026-01-01T12:00:02.000Z',
      outcome: 'failed',
      problem: 'no',
    },
  ],
});

describe('the journal of switches', () => {
  it('keeps the last 20 and replaces a switch by its newer self (B3)', () => {
    const many = Array.from({ length: 25 }, (_, at) => record(String(at)));
    const journal = many.reduce(withRecord, EMPTY_JOURNAL);
    expect(journal.switches.map(({ id }) => id)).toEqual(many.slice(5).map(({ id }) => id));
    const { switches } = withRecord(journal, record('10', 'stuck'));
    expect(switches).toHaveLength(20);
    expect(switches.find(({ id }) => id === '10')?.outcome).toBe('stuck');
  });

  it('knows the switch that is unfinished and the one that was done last', () => {
    const outcomes = ['done', 'done', 'reverted', 'stuck'] as const;
    const journal = outcomes.map((outcome, at) => record(String(at), outcome)).reduce(withRecord, EMPTY_JOURNAL);
    expect(unfinished(journal)?.id).toBe('3');
    expect(lastDone(journal)?.id).toBe('1');
    expect([unfinished(EMPTY_JOURNAL), lastDone(EMPTY_JOURNAL)]).toEqual([undefined, undefined]);
  });

  it('comes back from its document as it was', () => {
    const journal = withRecord(EMPTY_JOURNAL, record('1'));
    expect(parseJournal(JSON.stringify(journal), 'it')).toEqual(journal);
  });

  it.each([
    ['not JSON at all', '{"version":', 'it is not valid JSON'],
    ['another version', '{"version":2,"switches":[]}', 'version'],
    ['a switch that lacks things', '{"version":1,"switches":[{"id":"1"}]}', 'switches.0'],
    ['nothing', 'null', 'the document'],
  ])('is refused when its document is %s, with the place and a remedy', (_, text, problem) => {
    expect(() => parseJournal(text, 's3://state/dev')).toThrow(
      expect.objectContaining({
        name: 'JournalError',
        message: expect.stringMatching(new RegExp(`s3://state/dev is not a journal.+${problem}.+earlier version`, 's')),
      }),
    );
  });
});

describe('a journal in the local runtime', () => {
  it('is empty at first, then what was written last', async () => {
    const { journal } = localSwitchRecords(documentsHere());
    expect(await journal.read()).toEqual(EMPTY_JOURNAL);
    await journal.write(withRecord(EMPTY_JOURNAL, record('1')));
    await journal.write(withRecord(EMPTY_JOURNAL, record('2')));
    expect((await journal.read()).switches).toEqual([record('2')]);
  });

  it('is refused where something else was put in its place', async () => {
    const documents = documentsHere();
    await documents.replaceDocument('switch-journal', { version: 2 });
    await expect(localSwitchRecords(documents).journal.read()).rejects.toThrow(
      'What the local runtime keeps is not a journal of switches: version',
    );
  });
});
