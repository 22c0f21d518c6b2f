import { describe, expect, it } from 'vitest';
import { jsonSchema } from '#contract/json-schema.ts';
import { user } from '#contract/user.ts';
import type { LiveRegion } from '#operator/live/live-region.ts';
import { describeSample, SAMPLE_ITEMS, sampleData } from '#operator/switch/preflight/sample-data.ts';
import type { FunctionRecord } from '#stacks/release-record.ts';

/** A region whose envA works on these tables. */
function regionWith(tables: FunctionRecord['tables']): LiveRegion {
  const record: FunctionRecord = {
    version: '3',
    role: { hash: '1', name: 'role', policy: '{}' },
    package: { bucket: 'b', key: 'k', version: 'v', sha256: 's' },
    tables,
    routes: [],
  };
  const environment = { name: 'envA', stages: {}, functions: {}, hash: 'h', time: new Date(0) };
  return {
    target: { regionType: 'primary', region: 'eu-central-1', names: {}, rest: 'envB', http: 'envB' },
    apiIds: {},
    environments: [{ ...environment, record: { environment: 'envA', functions: { user: record } } }],
  };
}

const users = { user: { partitionKey: 'id', item: JSON.stringify(jsonSchema(user, 'draft-04')) } };
const ada = { id: 'a1B2c3D4', name: 'Ada' };

describe('data that another environment wrote (B28)', () => {
  it('is read in a bounded sample with the schemas of the environment that is to go live', async () => {
    const asked: unknown[] = [];
    const sample = await sampleData(regionWith(users), 'envA', async (table, limit) => {
      asked.push([table, limit]);
      return [ada, { ...ada, addedByTheOther: 'a field more is no harm' }];
    });
    expect(asked).toEqual([['user', SAMPLE_ITEMS]]);
    expect(sample).toEqual({ read: { user: 2 }, problems: [] });
    expect(describeSample(sample, 'envA')).toBe(
      'Read items with what envA knows of them (user 2; at most 100 of a table).',
    );
  });

  it('that it could not read is named with its table, how many of how many, one key and why', async () => {
    const sample = async () => [ada, { id: 'z9Y8x7W6', fullName: 'Bob' }, { id: 'short', name: 'Cy' }];
    const { problems } = await sampleData(regionWith(users), 'envA', sample);
    expect(problems).toEqual([
      expect.stringMatching(
        /^envA could not read 2 of 3 sampled items of the table user, such as id "z9Y8x7W6": .*required.*name/,
      ),
    ]);
  });

  it('is not asked of tables without a schema, of tables that are gone, and of environments without a record', async () => {
    const never = () => Promise.reject(new Error('asked'));
    const nothing = { read: {}, problems: [] };
    expect(await sampleData(regionWith({ user: { partitionKey: 'id' } }), 'envA', never)).toEqual(nothing);
    expect(await sampleData(regionWith(users), 'envB', never)).toEqual(nothing);
    expect(await sampleData(regionWith(users), 'envA', async () => undefined)).toEqual(nothing);
    expect(describeSample(nothing, 'envA')).toBeUndefined();
  });

  it('that could not be asked is said, not passed over', async () => {
    const { problems } = await sampleData(regionWith(users), 'envA', () => Promise.reject(new Error('not authorized')));
    expect(problems).toEqual(['The table user could not be sampled: not authorized']);
  });
});
