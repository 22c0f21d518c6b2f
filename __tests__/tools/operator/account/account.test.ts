import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureLoggingRole, readLoggingRole } from '#operator/account/gateway-logging.ts';
import { ensureServiceRole } from '#operator/account/service-roles.ts';

const gateway = mockClient(APIGatewayClient);
const iam = mockClient(IAMClient);
const account = {
  gateway: new APIGatewayClient({ region: 'eu-central-1' }),
  iam: new IAMClient({ region: 'eu-central-1' }),
  partition: 'aws-cn',
  roleName: 'app-gateway-logging',
};
const OWN = 'arn:aws-cn:iam::123456789012:role/app-gateway-logging';
const OTHER = 'arn:aws-cn:iam::123456789012:role/service/other-team';

function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

beforeEach(() => {
  gateway.reset();
  iam.reset();
  iam.on(GetRoleCommand).rejects(named('NoSuchEntityException'));
  iam.on(CreateRoleCommand).resolves({ Role: { Arn: OWN } as never });
  iam.on(ListAttachedRolePoliciesCommand).resolves({ AttachedPolicies: [] });
  gateway.on(UpdateAccountCommand).resolves({});
});
afterAll(() => {
  gateway.restore();
  iam.restore();
});

describe("API Gateway's logging role of an account and region (B29)", () => {
  it('is made where there is none, with a policy of the partition', async () => {
    gateway.on(GetAccountCommand).resolves({});
    expect(await ensureLoggingRole(account)).toEqual({ name: `logs with ${OWN}`, outcome: 'made' });
    expect(iam.commandCalls(AttachRolePolicyCommand)[0]?.args[0].input).toEqual({
      RoleName: 'app-gateway-logging',
      PolicyArn: 'arn:aws-cn:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    });
    expect(gateway.commandCalls(UpdateAccountCommand)[0]?.args[0].input.patchOperations).toEqual([
      { op: 'replace', path: '/cloudwatchRoleArn', value: OWN },
    ]);
  });

  it('stays where another team has set one, and is named', async () => {
    gateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: OTHER });
    iam.on(GetRoleCommand, { RoleName: 'other-team' }).resolves({ Role: { Arn: OTHER } as never });
    expect(await ensureLoggingRole(account)).toEqual({ name: `logs with ${OTHER}`, outcome: 'existed' });
    expect(iam.commandCalls(CreateRoleCommand)).toEqual([]);
    expect(gateway.commandCalls(UpdateAccountCommand)).toEqual([]);
  });

  it('is set anew where the one that is set is gone, which is said', async () => {
    gateway.on(GetAccountCommand).resolves({ cloudwatchRoleArn: OTHER });
    expect(await readLoggingRole(account)).toEqual({ arn: OTHER, isGone: true });
    expect(await ensureLoggingRole(account)).toEqual({ name: `logs with ${OWN}`, outcome: 'repaired' });
  });

  it('is taken again in the second region, where only the setting is missing', async () => {
    gateway.on(GetAccountCommand).resolves({});
    iam.on(GetRoleCommand, { RoleName: 'app-gateway-logging' }).resolves({ Role: { Arn: OWN } as never });
    iam.on(ListAttachedRolePoliciesCommand).resolves({
      AttachedPolicies: [{ PolicyArn: 'arn:aws-cn:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs' }],
    });
    expect(await ensureLoggingRole(account)).toMatchObject({ outcome: 'made' });
    expect(iam.commandCalls(CreateRoleCommand)).toEqual([]);
    expect(iam.commandCalls(AttachRolePolicyCommand)).toEqual([]);
  });
});

describe('a service-linked role (B29)', () => {
  const service = 'replication.dynamodb.amazonaws.com';

  it('is made once, and is there also where somebody else made it in the meantime', async () => {
    iam.on(ListRolesCommand).resolves({ Roles: [] });
    iam.on(CreateServiceLinkedRoleCommand).resolves({});
    expect(await ensureServiceRole(account.iam, service)).toMatchObject({ outcome: 'made' });
    const taken = 'Service role name AWSServiceRoleForDynamoDBReplication has been taken in this account';
    iam.on(CreateServiceLinkedRoleCommand).rejects(named('InvalidInputException', taken));
    expect(await ensureServiceRole(account.iam, service)).toMatchObject({ outcome: 'existed' });
    iam.on(ListRolesCommand).resolves({ Roles: [{} as never] });
    expect(await ensureServiceRole(account.iam, service)).toMatchObject({ outcome: 'existed' });
    expect(iam.commandCalls(CreateServiceLinkedRoleCommand)).toHaveLength(2);
  });

  it('is left to the service where IAM makes none for it', async () => {
    iam.on(ListRolesCommand).resolves({ Roles: [] });
    iam.on(CreateServiceLinkedRoleCommand).rejects(named('InvalidInputException', 'not supported'));
    expect(await ensureServiceRole(account.iam, service)).toBeUndefined();
  });
});
