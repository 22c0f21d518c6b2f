import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeToken } from '#functions/events/continuation-token.ts';
import { pageEvents } from '#functions/events/page-events.ts';
import { inMemoryEventLog } from '#tests/support/in-memory-event-log.ts';

async function logOf(dates: readonly string[], count: number) {
  const log = inMemoryEventLog();
  for (const date of dates)
    for (let n = 0; n < count; n++) {
      await log.put({ date, time: `10:00:00.${String(n).padStart(3, '0')}`, userId: 'u', eventType: 'login' });
    }
  return log;
}

async function readAll(log: ReturnType<typeof inMemoryEventLog>, query: Record<string, string>) {
  const read = [];
  let next: string | undefined;
  do {
    const { body } = await pageEvents(log, { query: { ...query, ...(next && { next }) } });
    if (!('Items' in body)) throw new Error('Not a page.');
    expect(body.Count).toBe(body.Items.length);
    read.push(...body.Items);
    next = body.Next;
  } while (next !== undefined);
  return read;
}

describe('pageEvents (S2.2)', () => {
  it('reads every event exactly once, in order, whatever the size of the pages', async () => {
    const log = await logOf(['2021-08-27', '2021-08-28'], 12);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.boolean(), async (limit, oneDate) => {
        const events = await readAll(log, { limit: String(limit), ...(oneDate && { date: '2021-08-28' }) });
        expect(events).toEqual([...log.events.values()].filter(({ date }) => !oneDate || date === '2021-08-28'));
      }),
    );
  });

  it('reads 100 events when it is asked for no other number, and at most 1000', async () => {
    const log = await logOf(['2021-08-28'], 1001);
    expect((await pageEvents(log, { query: {} })).body).toMatchObject({ Count: 100 });
    expect((await pageEvents(log, { query: { limit: '1000' } })).body).toMatchObject({ Count: 1000 });
  });

  it('leaves Next out when nothing follows', async () => {
    const { body } = await pageEvents(await logOf(['2021-08-28'], 1), { query: {} });
    expect(body).not.toHaveProperty('Next');
  });

  it.each([
    [{ date: '2021-02-30' }, 'date: Invalid ISO date'],
    [{ date: '' }, 'date: Invalid ISO date'],
    [{ date: '2021-08-28,2021-08-29' }, 'date: Invalid ISO date'],
    [{ limit: '0' }, 'limit: Invalid limit: expected a whole number from 1 to 1000'],
    [{ limit: '1001' }, 'limit: '],
    [{ limit: '1e2' }, 'limit: '],
    [{ limit: '' }, 'limit: '],
    [{ next: 'forged' }, 'next: Invalid token'],
    [{ next: '' }, 'next: Invalid token'],
    [{ date: '2021-08-28', next: encodeToken({ date: '2021-08-27', time: '1' }) }, 'of a page of the date 2021-08-28'],
    [{ date: 'x', limit: 'y' }, /date: .+; limit: /],
  ])('refuses %j', async (query, says) => {
    await expect(pageEvents(inMemoryEventLog(), { query })).rejects.toThrow(says);
    await expect(pageEvents(inMemoryEventLog(), { query })).rejects.toMatchObject({ name: 'BadRequestError' });
  });
});
