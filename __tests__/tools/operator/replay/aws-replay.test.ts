import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { awsReplayPlace } from '#operator/replay/aws-replay-place.ts';
import { functionName } from '#stacks/naming.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const logs = mockClient(CloudWatchLogsClient);
beforeEach(() => {
  logs.reset();
  logs.on(FilterLogEventsCommand).resolves({});
});
afterAll(() => logs.restore());

const groupOf = (name: string) => `/aws/lambda/${functionName(context, name)}`;
const line = (operation: string, time: number) =>
  JSON.stringify({
    environment: 'envA',
    recorded: { time, operation, environment: 'envA', path: {}, query: {}, headers: {}, status: 200, withheld: [] },
  });

describe('what a replay finds on AWS (B18)', () => {
  it('is what functions of both regions wrote of an environment, in all pages, oldest first', async () => {
    const user = { logGroupName: groupOf('user') };
    logs.on(FilterLogEventsCommand, user).resolves({ events: [{ message: line('get-user', 5) }], nextToken: 'more' });
    logs.on(FilterLogEventsCommand, { ...user, nextToken: 'more' }).resolves({
      events: [{ message: 'no JSON' }, { message: '{"environment":"envA","recorded":{"of":"another release"}}' }],
    });
    logs.on(FilterLogEventsCommand, { logGroupName: groupOf('events') }).resolves({
      events: [{ message: line('list-events', 3) }],
    });
    const { records, remarks } = await awsReplayPlace(context).records('envA', 1000);
    expect(records.map(({ operation, time, regionType }) => `${time} ${operation} ${regionType}`)).toEqual([
      '3 list-events primary',
      '3 list-events secondary',
      '5 get-user primary',
      '5 get-user secondary',
    ]);
    expect(remarks).toEqual([]);
    expect(logs.commandCalls(FilterLogEventsCommand)[0]?.args[0].input).toMatchObject({
      startTime: 1000,
      filterPattern: '{ $.environment = "envA" && $.recorded.operation = "*" }',
    });
    const asked = logs.commandCalls(FilterLogEventsCommand).map(({ args }) => args[0].input.logGroupName);
    expect(asked).not.toContain(groupOf('healthcheck'));
  });

  it('says what could not be read, and goes on without it; a function that is not there says nothing', async () => {
    const absent = Object.assign(new Error('none'), { name: 'ResourceNotFoundException' });
    logs.on(FilterLogEventsCommand, { logGroupName: groupOf('test') }).rejects(absent);
    logs.on(FilterLogEventsCommand, { logGroupName: groupOf('user') }).rejects(new Error('AccessDenied'));
    logs.on(FilterLogEventsCommand, { logGroupName: groupOf('events') }).resolves({
      events: [{ message: line('list-events', 3) }],
    });
    const { records, remarks } = await awsReplayPlace(context).records('envA', 0);
    expect(records).toHaveLength(2);
    expect(remarks.toSorted()).toEqual([
      `${groupOf('user')} in eu-central-1 could not be read: AccessDenied`,
      `${groupOf('user')} in eu-west-1 could not be read: AccessDenied`,
    ]);
    expect(awsReplayPlace(context).howToRecord).toContain('RECORDING_PERCENT of settings.conf is 0');
  });
});

describe('recording on AWS (S1.7, B18)', () => {
  const variablesOf = (json: string): Readonly<Record<string, Readonly<Record<string, string>>>> =>
    Object.fromEntries(
      Object.entries<{ environment?: { variables?: Record<string, string> } }>(
        JSON.parse(json).resource.aws_lambda_function,
      ).map(([name, { environment }]) => [name, environment?.variables ?? {}]),
    );

  it('is not there as shipped', async () => {
    const stack = await synthesizeStage();
    expect(stack('api-primary').json).not.toContain('RECORDING');
  });

  it('is refused where it is more than the variables of a function may hold', async () => {
    const secrets = Array.from({ length: 300 }, (_, at) => `secret-${at}`);
    await expect(synthesizeStage('dev', { recording: { percent: 5, secrets } })).rejects.toThrow(
      /what is to be recorded of the function \w+ takes \d+ bytes, allowed are 3072/,
    );
  });

  it('is told to functions that serve clients where settings want it, and gives no right', async () => {
    const stack = await synthesizeStage('dev', { recording: { percent: 5, secrets: ['password'] } });
    const before = await synthesizeStage();
    const variables = Object.entries(variablesOf(stack('api-primary').json));
    const recording = variables.filter(([, each]) => each.RECORDING !== undefined);
    expect(recording.map(([name]) => name.split('_')[0]).sort()).toEqual(['events', 'string-replace', 'test', 'user']);
    const [, user] = recording.find(([name]) => name.startsWith('user')) ?? [];
    expect(JSON.parse(user?.RECORDING ?? '')).toMatchObject({
      percent: 5,
      secrets: ['password'],
      routes: { GET: { operation: 'get-user', path: ['id'] }, POST: { operation: 'post-user', body: ['name'] } },
    });
    const policies = (json: string) => JSON.stringify(JSON.parse(json).resource.aws_iam_role_policy);
    expect(policies(stack('api-primary').json)).toBe(policies(before('api-primary').json));
  });
});
