import { expect, it } from 'vitest';
import { corsHandlers } from '#container/cors.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { containerVariables } from '#operator/local/run-container.ts';
import { regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';

const version = {
  version: '1',
  codeSha256: '',
  handler: 'index.handler',
  memoryMb: 128,
  timeoutSeconds: 10,
  roleArn: '',
};

it("gives the container what the region's functions are given, the runtime's services and the path of the keys (S3.12)", () => {
  const functions = ['A', 'B'].map((each) => ({
    name: each,
    versions: [
      {
        ...version,
        environment: {
          [`TABLE_${each}_NAME`]: `table-${each}`,
          CORS: '{"origins":[],"expose":[],"credentials":false}',
        },
      },
    ],
    aliases: {},
    weights: {},
    pinned: [],
    invokers: {},
    records: {},
  }));
  const regions = {
    primary: regionMessage(),
    secondary: regionMessage({ functions, services: { ssm: 'http://127.0.0.1:3' } }),
  };
  const variables = containerVariables(regionsMessage({ regions }), 'secondary', loadStageContext('dev'));
  expect(variables).toMatchObject({
    TABLE_A_NAME: 'table-A',
    TABLE_B_NAME: 'table-B',
    AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:3',
    API_KEYS_PARAMETER: '/two-region-api/dev/api_key',
    APP_NAME: 'two-region-api',
  });
  expect(corsHandlers(variables.CORS)).toBeDefined();
});
