import { type APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { retryWhile } from '#operator/aws/retry.ts';
import type { Finding } from '#operator/aws/setting.ts';

/** What a region's setting is read and made with. */
export interface GatewayAccount {
  readonly gateway: APIGatewayClient;
  readonly iam: IAMClient;
  /** `aws` */
  readonly partition: string;
  /** Of the role that is made where the region has none; the same in every region of an account. */
  readonly roleName: string;
}

/** With which role API Gateway writes the logs of REST APIs of an account and region. */
export interface LoggingRole {
  /** `undefined`: with none, and a stage that has an access log is refused. */
  readonly arn: string | undefined;
  /** The role that is named is not there any more: nothing is logged, and nobody says so. */
  readonly isGone: boolean;
}

/**
 * Reads the setting. It belongs to the account, so it may be somebody else's.
 *
 * Source: Amazon API Gateway REST API Reference, "GetAccount".
 */
export async function readLoggingRole({ gateway, iam }: Pick<GatewayAccount, 'gateway' | 'iam'>): Promise<LoggingRole> {
  const { cloudwatchRoleArn: arn } = await gateway.send(new GetAccountCommand({}));
  if (!arn) return { arn: undefined, isGone: false };
  return { arn, isGone: !(await hasRole(iam, arn.slice(arn.lastIndexOf('/') + 1))) };
}

/**
 * Gives API Gateway a role where the region has none, or one that is gone. A role that is set and there stays, whoever set it: one that may
 * write logs does for every API of the account.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs".
 */
export async function ensureLoggingRole(account: GatewayAccount): Promise<Finding> {
  const { arn, isGone } = await readLoggingRole(account);
  if (arn !== undefined && !isGone) return { name: `logs with ${arn}`, outcome: 'existed' };
  const made = await claimLoggingRole(account);
  // IAM's news takes its time to get to API Gateway, which tries the role before it takes it.
  await retryWhile(isNotThereYet, async () => {
    const patchOperations = [{ op: 'replace' as const, path: '/cloudwatchRoleArn', value: made }];
    await account.gateway.send(new UpdateAccountCommand({ patchOperations }));
  });
  return { name: `logs with ${made}`, outcome: isGone ? 'repaired' : 'made' };
}

function isNotThereYet(error: Error): boolean {
  const isThrottled = error.name === 'TooManyRequestsException';
  return isThrottled || (error.name === 'BadRequestException' && /role|ARN/i.test(error.message));
}

/** @returns the role's ARN */
async function claimLoggingRole({ iam, partition, roleName }: GatewayAccount): Promise<string> {
  const policy = `arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`;
  const found = await findRole(iam, roleName);
  const arn = found ?? (await createRole(iam, roleName));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: roleName }));
  if (!AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policy)) {
    await iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: policy }));
  }
  return arn;
}

async function createRole(iam: IAMClient, roleName: string): Promise<string> {
  const trust = { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: roleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      Description: 'Lets API Gateway write the logs of every REST API of this account. It belongs to no stage.',
    }),
  );
  if (Role?.Arn === undefined) throw new Error(`IAM made the role ${roleName} and gave no ARN.`);
  return Role.Arn;
}

async function hasRole(iam: IAMClient, roleName: string): Promise<boolean> {
  return (await findRole(iam, roleName)) !== undefined;
}

async function findRole(iam: IAMClient, roleName: string): Promise<string | undefined> {
  try {
    return (await iam.send(new GetRoleCommand({ RoleName: roleName }))).Role?.Arn;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchEntityException') return undefined;
    throw error;
  }
}
