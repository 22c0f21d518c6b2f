import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runHere } from '#tests/tools/operator/run-here.ts';

/** No account can be asked. */
beforeEach(() => {
  const nobody = {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_PROFILE: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  for (const [name, value] of Object.entries({ ...nobody, ...nowhere })) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

describe('a wrong name', () => {
  it.each([
    ['deploy dev envX', 'There is no environment "envX", allowed are envA, envB, preview.'],
    ['deploy dev envX --plan', 'There is no environment "envX"'],
    ['deploy dev --only dtaa', 'There is no stack "dtaa".'],
    ['diff dev dtaa', 'There is no stack "dtaa".'],
    ['switch dev envX --yes', 'There is no environment "envX" that the public names may lead to'],
    ['promote dev usr --env envX', 'There is no environment "envX", allowed are envA, envB.'],
    ['promote dev usr', 'There is no function "usr"'],
    ['keys list dev --env envX', '--env is "envX"'],
    ['call GET /test --stage dev --env envX', '--env is "envX"'],
    ['destroy dev --stack dtaa', 'There is no stack "dtaa".'],
    ['destroy dev --env preview', 'two-region destroy dev --stack preview'],
  ])('%s: is told before credentials are asked for', async (line, problem) => {
    const { code, stderr } = await runHere(line.split(' '));
    expect(stderr).toContain(problem);
    expect(stderr).not.toContain('credentials');
    expect(code).toBe(2);
  });
});
