import { describe, expect, it } from 'vitest';
import type { LambdaFunction, RegionModel } from '#local/model/model.ts';
import { ReleaseError } from '#local/release/release-error.ts';
import { type AliasWeights, withWeights } from '#local/release/weighted-aliases.ts';

const user: LambdaFunction = {
  name: 'user',
  arn: 'arn',
  handler: 'index.handler',
  source: '',
  codeSha256: 'old',
  version: '3',
  memoryMb: 128,
  timeoutSeconds: 3,
  environment: {},
  roleArn: 'role',
  logGroup: 'log',
  aliases: [
    { name: 'envA', functionVersion: '3' },
    { name: 'preview', functionVersion: '$LATEST' },
  ],
  permissions: [],
};
const region: RegionModel = {
  type: 'primary',
  region: 'eu-central-1',
  functions: [user, { ...user, name: 'test' }],
  roles: [],
  restApis: [],
  usagePlans: [],
  domains: [],
  tables: [],
  buckets: [],
};
const VERSIONS: Readonly<Record<string, LambdaFunction>> = {
  3: user,
  4: { ...user, codeSha256: 'new' },
  5: { ...user, roleArn: 'another role' },
};

function weigh(weights: AliasWeights, environment = 'envA', of = region): RegionModel {
  return withWeights(of, environment, weights, (_, version) => {
    const lambdaFunction = VERSIONS[version];
    return lambdaFunction && { version: Number(version), content: '', lambdaFunction, roles: [] };
  });
}

describe('weights of aliases in the local runtime (B8)', () => {
  it('are those that were given last, of this environment alone', () => {
    const once = weigh({ user: { version: '4', share: 0.1 } });
    expect(once.functions.map(({ aliases }) => aliases)).toMatchObject([
      [{ name: 'envA', functionVersion: '3', weighted: { version: '4', share: 0.1 } }, { name: 'preview' }],
      [{ name: 'envA' }, { name: 'preview' }],
    ]);
    expect(once.functions[0]?.aliases[0]?.weighted?.lambdaFunction.codeSha256).toBe('new');
    expect(once.functions[0]?.aliases[1]).toEqual(user.aliases[1]);
    expect(weigh({}, 'envA', once)).toEqual(region);
  });

  it.each<[string, string, AliasWeights, string?]>([
    ['another role', 'version 5 of user has another role than 3 has', { user: { version: '5', share: 0.1 } }],
    ['the same version', 'user:envA leads to version 3', { user: { version: '3', share: 0.1 } }],
    ['no such version', 'user has no version 9', { user: { version: '9', share: 0.1 } }],
    ['no such function', 'has no function moon', { moon: { version: '4', share: 0.1 } }],
    ['$LATEST', 'user:preview leads to $LATEST', { user: { version: '4', share: 0.1 } }, 'preview'],
    ['no such alias', 'user has no alias envC', { user: { version: '4', share: 0.1 } }, 'envC'],
    ['no share', 'got the share 1, allowed is above 0', { user: { version: '4', share: 1 } }],
  ])('are refused for %s', (_, problem, weights, environment) => {
    expect(() => weigh(weights, environment)).toThrow(ReleaseError);
    expect(() => weigh(weights, environment)).toThrow(problem);
  });
});
