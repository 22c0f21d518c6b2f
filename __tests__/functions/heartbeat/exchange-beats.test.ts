import { describe, expect, it } from 'vitest';
import { beatAge, exchangeBeats } from '#functions/heartbeat/exchange-beats.ts';
import type { Item, ItemStore } from '#functions/ports/item-store.ts';

const NOW = '2026-01-02T03:04:05.000Z';

/** The primary region, with what is in its copy of the table. */
function primary(items: readonly Item[], changes: Partial<ItemStore> = {}) {
  const held = new Map(items.map((item) => [item.id, item]));
  const beats: ItemStore = {
    get: async (id) => held.get(id),
    put: async (item) => {
      held.set(item.id, item);
    },
    ...changes,
  };
  const exchange = (timeScale?: number) =>
    exchangeBeats({
      region: 'eu-central-1',
      otherRegion: 'eu-west-1',
      beats,
      now: () => new Date(NOW),
      ...(timeScale && { timeScale }),
    });
  return { exchange, held };
}

const other = { id: 'eu-west-1', at: '2026-01-02T03:03:35.000Z' };
const failing = async () => {
  throw new Error('DynamoDB is slow');
};

describe('the heartbeat of a region (B26)', () => {
  it("writes its own item and says how old the other region's is", async () => {
    const { exchange, held } = primary([other]);
    expect(await exchange()).toEqual({ outcome: 'heard', ageSeconds: 30 });
    expect(held.get('eu-central-1')).toEqual({ id: 'eu-central-1', at: NOW });
    expect(held.get('eu-west-1')).toBe(other);
  });

  it('knows no age while nothing has arrived: its alarm takes silence for a failure', async () => {
    expect(await primary([]).exchange()).toEqual({ outcome: 'not heard' });
  });

  it('still listens when it cannot write, still writes when it cannot read, and says why', async () => {
    expect(await primary([other], { put: failing }).exchange()).toEqual({
      outcome: 'heard',
      ageSeconds: 30,
      problem: 'DynamoDB is slow',
    });
    const deaf = primary([], { get: failing });
    expect(await deaf.exchange()).toEqual({ outcome: 'not read', problem: 'DynamoDB is slow' });
    expect(deaf.held.has('eu-central-1')).toBe(true);
  });

  it('reckons in the time of AWS where time passes faster, and takes a clock that is ahead for now', async () => {
    expect(await primary([other]).exchange(10)).toMatchObject({ ageSeconds: 300 });
    expect(beatAge({ id: 'eu-west-1', at: '2026-01-02T03:04:06.000Z' }, new Date(NOW))).toBe(0);
    expect(beatAge({ id: 'eu-west-1', at: 'yesterday' }, new Date(NOW))).toBeUndefined();
  });
});
