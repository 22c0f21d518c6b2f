import {
  APIGatewayClient,
  GetApiKeyCommand,
  GetStagesCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it, onTestFinished } from 'vitest';
import { retentionFacts } from '#operator/parity/aws/alarm-facts.ts';
import { functionFacts } from '#operator/parity/aws/function-facts.ts';
import { restStageFacts, usagePlanFacts } from '#operator/parity/aws/stage-facts.ts';
import { parameterFacts } from '#operator/parity/fact.ts';
import { localFacts } from '#operator/parity/local/local-facts.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import { apiMessage, regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';
import { context, memoryStore } from '#tests/tools/operator/parameters/stores.ts';

const region = 'eu-central-1';
const app = prefix(context);
const store = memoryStore(region, new Map([['domain_name', 'api.example.com']]));
const log = { logGroup: `/aws/apigateway/${app}-envA`, format: '$context.status' };

/** One function, gateway stage, usage plan and log group, as the local runtime tells them. */
const message = regionMessage({
  functions: [
    {
      name: functionName(context, 'user'),
      aliases: { envA: '3' },
      weights: {},
      pinned: [],
      versions: [
        {
          version: '3',
          codeSha256: 'hash',
          handler: 'index.handler',
          memoryMb: 256,
          timeoutSeconds: 10,
          roleArn: 'arn:aws:iam::1:role/user',
          environment: { STAGE: 'dev', SIGNING_KEY: 'do not show' },
        },
      ],
      invokers: {},
      records: {},
    },
  ],
  apis: [
    {
      ...apiMessage('rest', 'http://127.0.0.1:1', []),
      stages: [{ name: 'envA', url: '', deploymentId: 'd', variables: {}, accessLog: log, routes: [] }],
    },
  ],
  usagePlans: [
    {
      name: app,
      throttle: { rateLimit: 5, burstLimit: 6 },
      quota: { limit: 10, period: 'DAY' },
      stages: ['envB', 'envA'],
      keys: [{ value: 'a key', enabled: false }],
    },
    { name: `${app}-preview`, stages: [], keys: [] },
  ],
  logGroups: [{ name: log.logGroup, retentionDays: 30 }],
});

/** The same, as the SDK's clients tell them. */
async function awsFacts() {
  const mocks = [mockClient(LambdaClient), mockClient(APIGatewayClient), mockClient(CloudWatchLogsClient)] as const;
  onTestFinished(() => {
    for (const mock of mocks) mock.restore();
  });
  const [lambda, gateway, logs] = mocks;
  lambda.on(GetFunctionConfigurationCommand).resolves({
    Handler: 'index.handler',
    MemorySize: 256,
    Timeout: 10,
    Role: 'arn:aws:iam::1:role/user',
    Environment: { Variables: { STAGE: 'dev', SIGNING_KEY: 'do not show' } },
  });
  const destinationArn = `arn:aws:logs:${region}:123456789012:log-group:${log.logGroup}`;
  gateway.on(GetStagesCommand).resolves({
    item: [{ stageName: 'envA', accessLogSettings: { destinationArn, format: log.format } }],
  });
  gateway.on(GetUsagePlansCommand).resolves({
    items: [
      {
        id: 'p',
        name: app,
        quota: { limit: 10, period: 'DAY' },
        throttle: { rateLimit: 5, burstLimit: 6 },
        apiStages: [{ stage: 'envB' }, { stage: 'envA' }],
      },
      { id: 'none', name: `${app}-preview` },
    ],
  });
  gateway.on(GetUsagePlanKeysCommand).resolves({ items: [] });
  gateway.on(GetUsagePlanKeysCommand, { usagePlanId: 'p' }).resolves({ items: [{ id: 'k' }] });
  gateway.on(GetApiKeyCommand).resolves({ value: 'a key', enabled: false });
  logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [] });
  logs
    .on(DescribeLogGroupsCommand, { logGroupNamePrefix: `/aws/apigateway/${app}-` })
    .resolves({ logGroups: [{ logGroupName: log.logGroup, retentionInDays: 30 }] });
  const user = { version: '3', codeSha256: 'hash', modified: new Date(0) };
  const settings = { region };
  const read = [
    functionFacts(new LambdaClient(settings), context, [{ name: 'envA', functions: { user } }]),
    restStageFacts(new APIGatewayClient(settings), 'id'),
    usagePlanFacts(new APIGatewayClient(settings), app),
    retentionFacts(new CloudWatchLogsClient(settings), app),
    parameterFacts(store),
  ];
  return (await Promise.all(read)).flat();
}

it('B7: both readers tell the same thing in the same fact, kind, name and value', async () => {
  const { facts } = await localFacts(
    context,
    regionsMessage({ regions: { primary: message, secondary: message } }),
    'primary',
    store,
  );
  expect(facts.length).toBeGreaterThan(15);
  expect(await awsFacts()).toEqual(expect.arrayContaining([...facts]));
});
