import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type HistoryStore, keepRun, readRuns, runOf } from '#operator/readiness/history.ts';
import { describeRuns } from '#operator/readiness/run-readiness.ts';

function kept(document: unknown = undefined): HistoryStore {
  let held = document;
  return {
    read: async () => held,
    write: async (next) => {
      // As it is written.
      held = JSON.parse(JSON.stringify(next));
    },
  };
}

const check = (name: string, outcome: 'fail' | 'ok' | 'warn') => ({ about: 'stage dev', name, outcome, found: name });
const at = (day: number) => new Date(Date.UTC(2026, 0, day));

describe('the history of readiness (B26)', () => {
  it('has a line per run, the newest first, with what was found', async () => {
    const store = kept();
    await keepRun(store, runOf([check('parity', 'fail'), check('account', 'warn'), check('alarms', 'ok')], at(1)));
    await keepRun(store, runOf([check('parity', 'ok')], at(2)));
    const runs = await readRuns(store);
    expect(runs).toMatchObject([
      {
        at: '2026-01-01T00:00:00.000Z',
        counts: { fail: 1, warn: 1, skipped: 0, ok: 1 },
        findings: [{ name: 'parity' }, {}],
      },
      { at: '2026-01-02T00:00:00.000Z', counts: { fail: 0, ok: 1 }, findings: [] },
    ]);
    const text = describeRuns({ stage: 'dev', runs: runs.toReversed() }, pc.createColors(false));
    expect(text).toMatch(
      /^ready +2026-01-02T00:00:00Z .+ -\nnot ready +2026-01-01T00:00:00Z +\S+@\S+ +parity, account \(warned\)$/,
    );
  });

  it('keeps the last 500, and nothing is known before the first', async () => {
    const store = kept(null);
    expect(await readRuns(store)).toEqual([]);
    const run = runOf([], at(1));
    await store.write({ version: 1, runs: Array(500).fill(run) });
    await keepRun(store, runOf([], at(3)));
    const runs = await readRuns(store);
    expect([runs.length, runs.at(-1)?.at]).toEqual([500, at(3).toISOString()]);
  });
});
