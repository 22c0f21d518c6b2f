import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { accountRemarks } from '#operator/account/questions.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const [gateway, iam, dynamodb] = [mockClient(APIGatewayClient), mockClient(IAMClient), mockClient(DynamoDBClient)];
const [control, sns, sts] = [mockClient(S3ControlClient), mockClient(SNSClient), mockClient(STSClient)];
const mocks = [gateway, iam, dynamodb, control, sns, sts];
beforeEach(() => {
  for (const mock of mocks) mock.reset();
  sns.rejects(Object.assign(new Error('Topic does not exist'), { name: 'NotFoundException' }));
  sts.on(GetCallerIdentityCommand).resolves({ Account: '123456789012' });
  control.on(GetPublicAccessBlockCommand).resolves({ PublicAccessBlockConfiguration: { BlockPublicPolicy: true } });
  iam.on(GetRoleCommand).resolves({});
  gateway.on(GetAccountCommand).resolves({});
  dynamodb.on(ListTablesCommand).resolves({ TableNames: ['two-region-api-dev-user'] });
  dynamodb.on(DescribeTableCommand).resolves({ Table: {} });
});
afterAll(() => {
  for (const mock of mocks) mock.restore();
});

describe('what status and diff say of the account (B29)', () => {
  it('is what a stage lives on and lacks, region by region, with the command that mends it', async () => {
    expect(await accountRemarks(context)).toEqual([
      "API Gateway logs: no role for API Gateway's logs in eu-central-1; no role for API Gateway's logs in eu-west-1. " +
        'Mend it: two-region bootstrap dev',
      expect.stringMatching(/^public access: S3 blocks public access in the whole account .+ Mend it: aws s3control /s),
    ]);
  });

  it('is nothing where it may not be asked: the doctor says that', async () => {
    const refused = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    gateway.on(GetAccountCommand).rejects(refused);
    dynamodb.on(ListTablesCommand).rejects(refused);
    control.on(GetPublicAccessBlockCommand).rejects(refused);
    expect(await accountRemarks(context)).toEqual([]);
  });
});
