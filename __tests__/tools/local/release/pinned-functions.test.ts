import { expect, it } from 'vitest';
import type { LambdaFunction, LocalModel, RegionModel } from '#local/model/model.ts';
import { withPinned } from '#local/release/pinned-functions.ts';

const region = (type: RegionModel['type'], functions: readonly LambdaFunction[]): RegionModel => ({
  type,
  region: type === 'primary' ? 'eu-central-1' : 'eu-west-1',
  functions,
  roles: [],
  restApis: [],
  usagePlans: [],
  domains: [],
  tables: [],
  buckets: [],
});
const user = (table: string, route: string): LambdaFunction => ({
  name: 'user',
  arn: 'arn',
  handler: 'index.handler',
  source: '',
  codeSha256: table,
  version: '2',
  memoryMb: 128,
  timeoutSeconds: 3,
  environment: {},
  roleArn: 'role',
  logGroup: 'log',
  aliases: [{ name: 'envB', functionVersion: '2' }],
  permissions: [],
  records: { envB: { tables: { [table]: {} }, routes: [route] } },
});

it('a pinned version is recorded with the tables that it was made for and the routes that lead to it now (B12)', () => {
  const model: LocalModel = {
    stage: 'dev',
    regions: { primary: region('primary', [user('new', 'GET /new')]), secondary: region('secondary', []) },
    dns: { healthChecks: [], records: [] },
    unserved: [],
  };
  const published = { version: 1, content: '', lambdaFunction: user('old', 'GET /old'), roles: [] };
  const pinned = { primary: new Map([['user', published]]), secondary: new Map() };
  const [found] = withPinned(model, pinned, 'envB').regions.primary.functions;
  expect(found).toMatchObject({ codeSha256: 'old', aliases: [{ name: 'envB', functionVersion: '1' }] });
  expect(found?.records).toEqual({ envB: { tables: { old: {} }, routes: ['GET /new'] } });
});
