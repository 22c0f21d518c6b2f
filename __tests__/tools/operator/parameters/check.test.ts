import { describe, expect, it } from 'vitest';
import { checkParameters } from '#operator/parameters/check.ts';
import { context, memoryStore, validValues } from './stores.ts';

describe('params check (S0.5)', () => {
  it('finds nothing wrong with valid values in both regions', async () => {
    const stores = { primary: memoryStore('a', validValues), secondary: memoryStore('b', validValues) };
    expect(await checkParameters(context, stores)).toEqual([]);
  });

  it('names everything that is missing, malformed, in conflict or not mirrored, without secret values', async () => {
    const key = validValues.get('api_key') ?? '';
    const primary = memoryStore(
      'eu-central-1',
      new Map([...validValues, ['preview_api_key', key], ['alarm_email', 'x']]),
    );
    primary.values.delete('domain_name');
    const secondary = memoryStore('eu-west-1', primary.values);
    secondary.values.delete('hosted_zone_id');
    secondary.values.set('api_key', 'another-key-of-twenty-characters');
    const problems = await checkParameters(context, { primary, secondary });
    expect(problems.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'domain_name missing',
      'alarm_email malformed',
      'preview_api_key conflict',
      'hosted_zone_id mirror',
      'api_key mirror',
    ]);
    expect(problems[0]?.message).toContain(`params put ${context.stage} domain_name`);
    expect(problems.at(-1)?.message).toContain('params sync');
    expect(JSON.stringify(problems)).not.toContain(key);
  });

  it("looks at the settings' parameters only", async () => {
    const values = new Map([...validValues, ['of_somebody_else', 'x']]);
    const stores = { primary: memoryStore('a', values), secondary: memoryStore('b', validValues) };
    expect(await checkParameters(context, stores)).toEqual([]);
  });
});
