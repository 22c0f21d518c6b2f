import { describe, expect, it } from 'vitest';
import { runHere } from '#tests/tools/operator/run-here.ts';

describe('two-region drill, before anything is asked (B4)', () => {
  it.each([
    ['a stage that is not named', ['drill'], 'two-region drill --local'],
    ['a fault that cannot be taken back on AWS', ['drill', 'dev', '--scenario', 'flap'], 'route-away, lose-table'],
    ['a scenario that there is not', ['drill', '--local', '--scenario', 'quake'], 'lose-region'],
    ['too small a load', ['drill', '--local', '--load', '1'], 'from 2 to 500'],
    ['a fault that would last for an hour', ['drill', 'dev', '--for', '1h'], 'from one minute to a quarter of an hour'],
    ['a simulation of AWS', ['drill', 'dev', '--simulate'], 'two-region drill --local --simulate'],
    ['no seeds', ['drill', '--local', '--simulate', '--seeds', '0'], 'from 1 to 100000'],
  ])('refuses %s, and says what is allowed', async (_, args, said) => {
    expect(await runHere(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  });
});
