import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { matchOperation } from '#operator/call/prepare-call.ts';

describe('matchOperation', () => {
  it.each([
    ['GET', '/test', 'test'],
    ['GET', '/test/', 'test'],
    ['GET', '/healthcheck?shallow', 'healthcheck'],
    ['GET', '/user/a1B2c3D4', 'get-user'],
    ['POST', '/user/a%2Fb', 'post-user'],
    ['GET', '/events?date=2021-08-28&limit=10', 'list-events'],
  ])('finds the operation of %s %s', (method, target, id) => {
    expect(matchOperation(operations, method, target).id).toBe(id);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/user'],
    ['GET', '/user/'],
    ['GET', '/user/a/b'],
    ['DELETE', '/user/a1B2c3D4'],
    ['get', '/test'],
    ['GET', '/testing'],
    ['GET', 'test'],
  ])('lists the routes when there is none %s %s', (method, target) => {
    const match = () => matchOperation(operations, method, target);
    expect(match).toThrow(expect.objectContaining({ name: 'CallError' }));
    for (const { path, summary } of operations) {
      expect(match).toThrow(path);
      expect(match).toThrow(summary);
    }
  });

  it("takes a path's characters for themselves", () => {
    const [first] = operations;
    if (first === undefined) throw new Error('The contract is empty.');
    const dotted = [{ ...first, path: '/a.b' }];
    expect(matchOperation(dotted, first.method, '/a.b').path).toBe('/a.b');
    expect(() => matchOperation(dotted, first.method, '/axb')).toThrow('No route');
  });
});
