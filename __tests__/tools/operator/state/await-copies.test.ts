import { describe, expect, it } from 'vitest';
import { awaitCopies, describeCopies } from '#operator/state/await-copies.ts';

/** What S3 says of each state, look after look; the last word stays. */
function saying(words: Readonly<Record<string, readonly (string | undefined)[]>>) {
  const looks = new Map<string, number>();
  return {
    read: async (key: string) => {
      const look = looks.get(key) ?? 0;
      looks.set(key, look + 1);
      const said = words[key] ?? [];
      const replication = said[Math.min(look, said.length - 1)];
      return { body: new Uint8Array(), modified: new Date(0), ...(replication !== undefined && { replication }) };
    },
    looks,
  };
}

describe('copies of states (B16)', () => {
  it('are waited for until S3 has made them; of whom S3 says nothing is not', async () => {
    const store = saying({ a: ['PENDING', 'PENDING', 'COMPLETED'], b: ['COMPLETED'], c: [undefined] });
    const report = await awaitCopies(store, ['a', 'b', 'c'], { whole: 60_000, pause: 0 });
    expect(report).toMatchObject({ arrived: 2, pending: [], failed: [] });
    expect([...store.looks.values()]).toEqual([3, 1, 1]);
    expect(describeCopies(report, 'dev')).toMatch(/^2 states have arrived in the other region, after \d+ s\.$/);
  });

  it('are named where S3 fails, or takes longer than it allows itself', async () => {
    const store = saying({ a: ['PENDING'], b: ['FAILED'] });
    const report = await awaitCopies(store, ['a', 'b'], { whole: 0, pause: 0 });
    expect(report).toMatchObject({ arrived: 0, pending: ['a'], failed: ['b'] });
    expect(describeCopies(report, 'dev')).toMatch(/Not copied yet.+: a\..+could not copy b\..+state verify dev/s);
  });

  it('are no word where nothing is copied', async () => {
    const report = await awaitCopies(saying({ a: [undefined] }), ['a']);
    expect(describeCopies(report, 'dev')).toBeUndefined();
  });
});
