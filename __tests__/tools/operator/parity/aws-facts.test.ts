import {
  APIGatewayClient,
  GetApiKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchClient, DescribeAlarmsCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient, ListAliasesCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import { functionAliases } from '#operator/live/function-aliases.ts';
import { alarmFacts, retentionFacts } from '#operator/parity/aws/alarm-facts.ts';
import { functionFacts } from '#operator/parity/aws/function-facts.ts';
import { usagePlanFacts } from '#operator/parity/aws/stage-facts.ts';
import { type Fact, parameterFacts } from '#operator/parity/fact.ts';
import { functionName } from '#stacks/naming.ts';

import { context, memoryStore } from '#tests/tools/operator/parameters/stores.ts';

const settings = { region: 'eu-central-1' };
const found = (facts: readonly Fact[], kind: string, name?: string) =>
  facts.find((fact) => fact.kind === kind && (name === undefined || fact.name === name))?.value;

describe('facts of a region on AWS (B7)', () => {
  it("are each environment's own version of a function, variables that look secret by fingerprint", async () => {
    const lambda = mockClient(LambdaClient);
    onTestFinished(() => lambda.restore());
    lambda.on(ListAliasesCommand).resolves({
      Aliases: [
        { Name: 'envA', FunctionVersion: '3', Description: 'pinned' },
        { Name: 'envB', FunctionVersion: '4' },
      ],
    });
    const configuration = { CodeSha256: 'hash', Runtime: 'nodejs22.x' as const, MemorySize: 256, Timeout: 10 };
    const Environment = { Variables: { STAGE: 'dev', SIGNING_KEY: 'do not show' } };
    lambda.on(GetFunctionConfigurationCommand).resolves({ ...configuration, Environment });
    lambda.on(GetFunctionConfigurationCommand, { Qualifier: 'envB' }).resolves({ ...configuration, MemorySize: 512 });
    const client = new LambdaClient(settings);
    const aliases = await functionAliases(client, functionName(context, 'user'));
    const environments = [...aliases].map(([name, user]) => ({ name, functions: { user } }));
    const facts = await functionFacts(client, context, environments);
    expect(lambda.commandCalls(ListAliasesCommand)).toHaveLength(1);
    expect(found(facts, 'version', 'user in envA')).toBe('3');
    expect([found(facts, 'pinned', 'user in envA'), found(facts, 'pinned', 'user in envB')]).toEqual(['yes', 'no']);
    expect([found(facts, 'memory', 'user in envA'), found(facts, 'memory', 'user in envB')]).toEqual([
      '256 MB',
      '512 MB',
    ]);
    expect(found(facts, 'environment variable', 'STAGE of user in envA')).toBe('dev');
    expect(found(facts, 'environment variable', 'SIGNING_KEY of user in envA')).toBe(
      `sha256 ${fingerprint('do not show')}`,
    );
  });

  it("are quotas, throttles and keys of the stage's own usage plans, keys by fingerprint", async () => {
    const gateway = mockClient(APIGatewayClient);
    onTestFinished(() => gateway.restore());
    gateway.on(GetUsagePlansCommand).resolves({
      items: [
        {
          id: 'p',
          name: 'app-dev',
          quota: { limit: 10, period: 'DAY' },
          throttle: { rateLimit: 5, burstLimit: 6 },
          apiStages: [{ stage: 'envB' }, { stage: 'envA' }],
        },
        { id: 'q', name: 'app-development' },
      ],
    });
    gateway.on(GetUsagePlanKeysCommand).resolves({ items: [{ id: 'k' }] });
    gateway.on(GetApiKeyCommand).resolves({ value: 'a key', enabled: false });
    const facts = await usagePlanFacts(new APIGatewayClient(settings), 'app-dev');
    expect(new Set(facts.map(({ name }) => name))).toEqual(new Set(['app-dev']));
    expect(found(facts, 'quota')).toBe('10 a DAY');
    expect(found(facts, 'throttle')).toBe('5/s, 6 at once');
    expect(found(facts, 'admits to')).toBe('envA, envB');
    expect(found(facts, 'API keys')).toBe(`${fingerprint('a key')} disabled`);
  });

  it('are parameters, those that are secret or unknown by fingerprint', async () => {
    const values = { domain_name: 'api.example.com', api_key: 'a key', of_somebody_else: 'unknown' };
    const facts = await parameterFacts(memoryStore('eu-central-1', new Map(Object.entries(values))));
    expect(found(facts, 'parameter', 'domain_name')).toBe('api.example.com');
    expect(JSON.stringify(facts)).not.toMatch(/"a key"|unknown/);
  });

  it('are retention and alarms', async () => {
    const logs = mockClient(CloudWatchLogsClient);
    onTestFinished(() => logs.restore());
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [] });
    logs
      .on(DescribeLogGroupsCommand, { logGroupNamePrefix: '/aws/lambda/app-dev-' })
      .resolves({ logGroups: [{ logGroupName: 'a', retentionInDays: 30 }, { logGroupName: 'b' }] });
    const retention = await retentionFacts(new CloudWatchLogsClient(settings), 'app-dev');
    expect(retention.map(({ name, value }) => [name, value])).toEqual([
      ['a', '30 days'],
      ['b', 'for ever'],
    ]);
    const cloudwatch = mockClient(CloudWatchClient);
    onTestFinished(() => cloudwatch.restore());
    cloudwatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [
        {
          AlarmName: 'app-dev-errors',
          Namespace: 'AWS/Lambda',
          MetricName: 'Errors',
          Statistic: 'Sum',
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
          Period: 60,
          EvaluationPeriods: 3,
          Dimensions: [{ Name: 'Resource', Value: 'user:envA' }],
          ActionsEnabled: true,
          AlarmActions: [],
        },
      ],
    });
    const client = new CloudWatchClient(settings);
    const [alarm] = await alarmFacts(client, 'app-dev');
    expect(alarm?.value).toBe(
      'Sum of AWS/Lambda Errors GreaterThanThreshold 0; Resource=user:envA; 3 of 3 × 60 s; missing data -; tells nobody',
    );
    // What each region has of its own reads alike in both.
    const [shown] = await alarmFacts(client, 'app-dev', new Map([['user:envA', 'its function']]));
    expect(shown?.value).toContain('; Resource={its function}; ');
  });

  it('are the same whatever order metrics and dimensions come in', async () => {
    const cloudwatch = mockClient(CloudWatchClient);
    onTestFinished(() => cloudwatch.restore());
    const dimensions = [
      { Name: 'Operation', Value: 'Scan' },
      { Name: 'TableName', Value: 'user' },
    ];
    const scans = (Dimensions: typeof dimensions) => ({
      Id: 'scan',
      MetricStat: { Metric: { MetricName: 'SystemErrors', Dimensions }, Period: 60, Stat: 'Sum' },
    });
    const result = { Id: 'result', Expression: 'FILL(scan, 0)' };
    const of = async (Metrics: readonly MetricDataQuery[]) => {
      cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'errors', Metrics: [...Metrics] }] });
      return alarmFacts(new CloudWatchClient(settings), 'app-dev');
    };
    const one = await of([scans(dimensions), result]);
    expect(one[0]?.value).toContain('FILL(scan, 0)');
    expect(await of([result, scans(dimensions.toReversed())])).toEqual(one);
  });

  it("are the same where regions' load balancers differ by what AWS gives them, and keep their logs (S3.13)", async () => {
    const cloudwatch = mockClient(CloudWatchClient);
    const logs = mockClient(CloudWatchLogsClient);
    onTestFinished(() => {
      cloudwatch.restore();
      logs.restore();
    });
    const of = async (id: string) => {
      const Dimensions = [
        { Name: 'LoadBalancer', Value: `app/app-dev-container/${id}` },
        { Name: 'TargetGroup', Value: `targetgroup/app-dev-blue/${id}` },
      ];
      const MetricStat = { Metric: { MetricName: 'HealthyHostCount', Dimensions }, Period: 60, Stat: 'Maximum' };
      const alarm = { AlarmName: 'app-dev-container-no-task', Metrics: [{ Id: 'blue', MetricStat }] };
      cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [alarm] });
      return alarmFacts(new CloudWatchClient(settings), 'app-dev');
    };
    const [one, other] = [await of('0123456789abcdef'), await of('fedcba9876543210')];
    expect(one).toEqual(other);
    expect(one[0]?.value).toContain('app/app-dev-container"');
    const group = { logGroupName: '/aws/ecs/app-dev-container', retentionInDays: 30 };
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [] });
    logs.on(DescribeLogGroupsCommand, { logGroupNamePrefix: '/aws/ecs/app-dev-' }).resolves({ logGroups: [group] });
    expect(await retentionFacts(new CloudWatchLogsClient(settings), 'app-dev')).toHaveLength(1);
  });
});
