import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SsmService, startSsm } from '#local/ssm/ssm.ts';
import { checkParameters } from '#operator/parameters/check.ts';
import { localStores } from '#operator/parameters/open-stores.ts';
import { putParameters } from '#operator/parameters/put.ts';
import { parameterPath } from '#stacks/naming.ts';
import { regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';
import { context, validValues } from './stores.ts';

let primary: SsmService;
let secondary: SsmService;
beforeAll(async () => {
  const start = (region: string) => startSsm({ region, parameters: [], authorize: async () => ({ allowed: true }) });
  [primary, secondary] = await Promise.all([start('eu-central-1'), start('eu-west-1')]);
});
afterAll(() => Promise.all([primary.close(), secondary.close()]));

const region = (name: string, { url }: SsmService) => regionMessage({ region: name, services: { ssm: url } });
const runtime = {
  regions: async () =>
    regionsMessage({
      stage: context.stage,
      regions: { primary: region('eu-central-1', primary), secondary: region('eu-west-1', secondary) },
    }),
};

describe('parameters of the local runtime (S0.5)', () => {
  it("are put into and read from both regions' Parameter Store", async () => {
    const stores = await localStores(context, runtime);
    const writes = await putParameters(context, stores, await stores.primary.readAll(), validValues);
    expect(writes.every(({ secondary: { outcome } }) => outcome === 'written')).toBe(true);
    expect(secondary.get(parameterPath(context, 'api_key'))).toBe(validValues.get('api_key'));
    expect(await checkParameters(context, stores)).toEqual([]);
  });

  it('are refused where the runtime has no Parameter Store', async () => {
    const without = { regions: async () => regionsMessage({ stage: context.stage }) };
    await expect(localStores(context, without)).rejects.toThrow('serves no Parameter Store in eu-central-1');
  });
});
