import { DeleteRolePolicyCommand, IAMClient, NoSuchEntityException, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { denyTable } from '#operator/drill/aws/faults.ts';
import { trafficOf } from '#operator/drill/load/journeys.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const iam = mockClient(IAMClient);
const lambda = mockClient(LambdaClient);
afterAll(() => {
  iam.restore();
  lambda.restore();
});
beforeEach(() => {
  iam.reset();
  lambda.reset();
});

const deny = () =>
  denyTable(context, 'primary', {
    iam: new IAMClient({ region: 'eu-central-1' }),
    lambda: new LambdaClient({ region: 'eu-central-1' }),
    environment: 'envB',
    traffic: trafficOf(operations, 'run'),
  });

describe('a table that a function may not use (B4)', () => {
  it('denies by a statement on the role of the live environment, which lapses by itself, and takes it away', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves({
      Role: 'arn:aws:iam::123456789012:role/two-region-api-dev-user-1a2b-primary',
      Environment: { Variables: { USER_TABLE_NAME: 'two-region-api-dev-user' } },
    });
    const fault = await deny();
    expect(lambda.commandCalls(GetFunctionConfigurationCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'two-region-api-dev-user',
      Qualifier: 'envB',
    });
    await fault.inflict(new Date('2030-01-01T00:10:00.123Z'));
    const {
      RoleName,
      PolicyName,
      PolicyDocument = '',
    } = iam.commandCalls(PutRolePolicyCommand)[0]?.args[0].input ?? {};
    expect([RoleName, PolicyName]).toEqual(['two-region-api-dev-user-1a2b-primary', 'two-region-drill']);
    expect(JSON.parse(PolicyDocument).Statement).toEqual([
      {
        Sid: 'Drill',
        Effect: 'Deny',
        Action: 'dynamodb:*',
        Resource: [
          'arn:aws:dynamodb:*:*:table/two-region-api-dev-user',
          'arn:aws:dynamodb:*:*:table/two-region-api-dev-user/*',
        ],
        Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:10:00Z' } },
      },
    ]);
    await fault.restore();
    expect(iam.commandCalls(DeleteRolePolicyCommand)[0]?.args[0].input).toEqual({ RoleName, PolicyName });
  });

  it('is taken back also where nothing is left to take away', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves({
      Role: 'arn:aws:iam::123456789012:role/a-role',
      Environment: { Variables: { USER_TABLE_NAME: 'user' } },
    });
    iam.on(DeleteRolePolicyCommand).rejects(new NoSuchEntityException({ message: 'gone', $metadata: {} }));
    await expect((await deny()).restore()).resolves.toBeUndefined();
  });

  it('refuses where the function names no table', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves({ Role: 'arn:aws:iam::123456789012:role/a-role' });
    await expect(deny()).rejects.toThrow(/two-region-api-dev-user of envB names no table in USER_TABLE_NAME/);
  });
});
