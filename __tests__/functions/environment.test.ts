import { describe, expect, expectTypeOf, it } from 'vitest';
import { readEnvironment, readRegion } from '#functions/environment.ts';

describe('readEnvironment', () => {
  it('returns exactly the declared variables', () => {
    const source = { STAGE: 'dev', TABLE_A_NAME: 'app-dev-table-a', PATH: '/bin' };
    expect(readEnvironment({ STAGE: [], TABLE_A_NAME: ['dynamodb:GetItem'] }, source)).toEqual({
      STAGE: 'dev',
      TABLE_A_NAME: 'app-dev-table-a',
    });
  });

  it('names every variable that is missing, empty or not allowed, and the remedy, in one error', () => {
    const source = { STAGE: '', REGION_TYPE: 'tertiary' };
    expect(() => readEnvironment({ STAGE: [], REGION_TYPE: [], TABLE_A_NAME: [] }, source)).toThrow(
      "The function's environment: STAGE is not set; REGION_TYPE is 'tertiary', allowed are primary, secondary; " +
        'TABLE_A_NAME is not set. Apply the api stack of this region again.',
    );
  });

  it('types a variable by its allowed values and leaves out what was not declared', () => {
    const values = readEnvironment({ STAGE: [], REGION_TYPE: [] }, { STAGE: 'dev', REGION_TYPE: 'primary' });
    expectTypeOf(values).toEqualTypeOf<{ readonly STAGE: string; readonly REGION_TYPE: 'primary' | 'secondary' }>();
  });
});

describe('readRegion', () => {
  it('reads the region that Lambda sets, and refuses to guess one', () => {
    expect(readRegion({ AWS_REGION: 'eu-central-1' })).toBe('eu-central-1');
    expect(() => readRegion({})).toThrow('AWS_REGION is not set');
  });
});
