import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { trafficOf } from '#operator/drill/load/journeys.ts';
import { contains } from '#operator/drill/load/sender.ts';

const { journeys, calls } = trafficOf(operations, 'k3x9a0');
const journey = (path: string) => {
  const found = journeys.find(({ write }) => write.path === path);
  if (!found) throw new Error(`no journey ${path}`);
  return found;
};

describe('what a drill sends, out of the examples of the contract (B4)', () => {
  it('pairs what writes with the GET of the same path, and calls the rest but for health routes', () => {
    expect(journeys.map(({ write, read, isNamed }) => [write.id, read.id, isNamed])).toEqual([
      ['post-user', 'get-user', true],
      ['post-event', 'list-events', false],
    ]);
    expect(calls.map(({ operation }) => operation.id)).toEqual(['test', 'list-events', 'replace-string']);
  });

  it('names an item by the path, and tells its writes apart by the body', () => {
    const { requests, readParts } = journey('/user/{id}');
    expect(requests.partsOf(7, 40)).toMatchObject({
      path: { id: 'drillk3x9a0000007' },
      body: { name: 'Ada Lovelace drillk3x9a0000014' },
    });
    expect(requests.partsOf(7, 41).path).toEqual(requests.partsOf(7, 40).path);
    expect(requests.partsOf(8, 40).path).not.toEqual(requests.partsOf(7, 40).path);
    expect(readParts(7)).toEqual({ path: { id: 'drillk3x9a0000007' } });
  });

  it('gives each entry of a list a key of its own, in a day that no sample has, and asks for that day', () => {
    const { requests, readParts } = journey('/events');
    const [one, other] = [requests.bodyOf(1), requests.bodyOf(2)];
    expect(one).toMatchObject({ time: '00:00:00.000000001', eventType: expect.stringMatching(/^login drill/) });
    expect(other).toMatchObject({ time: '00:00:00.000000002' });
    expect(requests.partsOf(1, 1).headers).toEqual({ 'idempotency-key': 'k3x9a01' });
    expect(readParts(0)).toEqual({ query: { date: expect.stringMatching(/^19\d\d-\d\d-\d\d$/) } });
  });

  it('finds what was written wherever it stands in a response, and nothing that is like it', () => {
    const wanted = { date: '1950-01-01', userId: 'a' };
    expect(contains({ Items: [{ userId: 'b' }, { ...wanted, eventType: 'login' }], Count: 2 }, wanted)).toBe(true);
    expect(contains({ Items: [{ date: '1950-01-01', userId: 'b' }] }, wanted)).toBe(false);
    expect(contains('a', wanted)).toBe(false);
  });
});
