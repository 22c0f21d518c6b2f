import { describe, expect, it } from 'vitest';
import { type AccessResources, grantAccess } from '#constructs/function-access.ts';

const resources = (indexes: readonly string[]): AccessResources => ({
  values: { STAGE: 'dev', REGION_TYPE: 'primary', CORS: '{}', METRIC_NAMESPACE: 'app-dev', RECORDING: '' },
  table: (table) => ({ name: `app-${table}`, arn: `arn:${table}`, indexes }),
  bucket: { name: 'bucket', arn: 'arn:bucket' },
  parameter: (name) => ({ name, arn: `arn:${name}` }),
});
const accesses = [{ USER_TABLE_NAME: ['dynamodb:GetItem'] }, { USER_TABLE_NAME: ['dynamodb:Query'] }] as const;

describe('what a function may do with a table that has indexes (S1.7)', () => {
  it('is to ask them what an index can be asked, by their names, and nothing else', () => {
    expect(grantAccess(accesses, resources(['by-mail', 'by-name'])).statements).toEqual([
      { actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: ['arn:user'] },
      { actions: ['dynamodb:Query'], resources: ['arn:user/index/by-mail', 'arn:user/index/by-name'] },
    ]);
    expect(grantAccess(accesses.slice(0, 1), resources(['by-mail'])).statements).toHaveLength(1);
  });

  it('is another set of permissions with each index, so that a live role is left alone (B12)', () => {
    const [none, one, two] = [[], ['a'], ['a', 'b']].map((indexes) => grantAccess(accesses, resources(indexes)));
    expect(none?.permissions).toEqual([['USER_TABLE_NAME', { kind: 'table', table: 'user' }, expect.anything()]]);
    expect(one?.permissions).not.toEqual(none?.permissions);
    expect(two?.permissions).not.toEqual(one?.permissions);
  });
});
