import { type CloudWatchLogsClient, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetAccountSummaryCommand, type IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetAccountLimitCommand, type Route53Client } from '@aws-sdk/client-route-53';
import type { Verdict } from './verdict.ts';

/** Requests at once that Route 53's checkers of one region and a canary make, with room for a first client. New accounts have 10. */
const LEAST_CONCURRENCY = 50;

/** Executions that Lambda never lets be reserved. */
const LEFT_TO_OTHERS = 100;

/** Roles of a stage: one per function and region, the invoker's, the one of replication. */
const ROLES_OF_A_STAGE = 16;

const HEALTH_CHECKS_OF_A_STAGE = 4;

/** Service Quotas' page of one quota. */
export function quotaPage(region: string, service: string, code: string): string {
  return `Ask for more: https://${region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`;
}

/**
 * How many executions at once Lambda gives the account in a region.
 *
 * Source: AWS Lambda Developer Guide, "Lambda quotas", "Configuring reserved concurrency"; API Reference, "GetAccountSettings".
 *
 * @param reserved - that the stage keeps for one function, whether it does already or not
 */
export async function checkConcurrency(
  lambda: Pick<LambdaClient, 'send'>,
  region: string,
  reserved: number,
): Promise<Verdict> {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const free = AccountLimit?.UnreservedConcurrentExecutions;
  if (free === undefined) return { outcome: 'skipped', found: `Lambda tells no concurrency in ${region}` };
  if (reserved > 0 && (AccountLimit?.ConcurrentExecutions ?? free) - reserved < LEFT_TO_OTHERS) {
    return {
      outcome: 'fail',
      found: `HEALTHCHECK_CONCURRENCY keeps ${reserved} executions of ${AccountLimit?.ConcurrentExecutions} in ${region}, and Lambda leaves ${LEFT_TO_OTHERS} to everything else`,
      fix: `${quotaPage(region, 'lambda', 'L-B99A9384')}\nUntil then HEALTHCHECK_CONCURRENCY=0 in settings.conf.`,
    };
  }
  if (free >= LEAST_CONCURRENCY) return { outcome: 'ok', found: `${free} executions at once in ${region}` };
  return {
    outcome: 'warn',
    found: `${free} executions at once in ${region}, ${LEAST_CONCURRENCY} is what health checks and a canary need`,
    fix: quotaPage(region, 'lambda', 'L-B99A9384'),
  };
}

/** Whether the account may have as many roles more as a stage needs. Source: IAM API Reference, "GetAccountSummary". */
export async function checkRoles(iam: Pick<IAMClient, 'send'>, isFirst: boolean): Promise<Verdict> {
  const { SummaryMap = {} } = await iam.send(new GetAccountSummaryCommand({}));
  const { Roles: used, RolesQuota: most } = SummaryMap;
  if (used === undefined || most === undefined) return { outcome: 'skipped', found: 'IAM tells no quota of roles' };
  return room(
    `${used} of ${most} roles`,
    most - used,
    isFirst ? ROLES_OF_A_STAGE : 0,
    quotaPage('us-east-1', 'iam', 'L-FE177D64'),
  );
}

/** The same for health checks. Source: Route 53 API Reference, "GetAccountLimit". */
export async function checkHealthChecks(route53: Pick<Route53Client, 'send'>, isFirst: boolean): Promise<Verdict> {
  const { Limit, Count } = await route53.send(new GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' }));
  const [most, used] = [Limit?.Value, Count];
  if (used === undefined || most === undefined) return { outcome: 'skipped', found: 'Route 53 tells no limit' };
  const page = quotaPage('us-east-1', 'route53', 'L-ACB674F3');
  return room(`${used} of ${most} health checks`, most - used, isFirst ? HEALTH_CHECKS_OF_A_STAGE : 0, page);
}

function room(found: string, free: number, needed: number, fix: string): Verdict {
  return free >= needed
    ? { outcome: 'ok', found }
    : { outcome: 'fail', found: `${found}, a stage needs ${needed}`, fix };
}

const LOG_DELIVERY_POLICY = 'AWSLogDeliveryWrite20150319';

/** Of resource policies, per region, and of the characters of one. Source: CloudWatch Logs User Guide, "CloudWatch Logs quotas". */
const MOST_POLICIES = 10;
const MOST_CHARACTERS = 5120;

/**
 * Whether the HTTP APIs' logs can be delivered: CloudWatch Logs writes who may into a policy of the account and region, which is one of ten. It
 * covers every group under /aws/vendedlogs/ with one statement.
 *
 * Source: CloudWatch Logs User Guide, "Enable logging from AWS services".
 */
export async function checkLogDelivery(logs: Pick<CloudWatchLogsClient, 'send'>, region: string): Promise<Verdict> {
  const { resourcePolicies = [] } = await logs.send(new DescribeResourcePoliciesCommand({ limit: 50 }));
  const own = resourcePolicies.find(({ policyName }) => policyName === LOG_DELIVERY_POLICY);
  const fix = `aws logs describe-resource-policies --region ${region}, then delete-resource-policy of what nobody needs.`;
  if (own === undefined && resourcePolicies.length >= MOST_POLICIES) {
    return { outcome: 'fail', found: `${resourcePolicies.length} log policies in ${region}, and room for none`, fix };
  }
  const document = own?.policyDocument ?? '';
  if (document.length > MOST_CHARACTERS - 400 && !document.includes('/aws/vendedlogs/')) {
    const found = `${LOG_DELIVERY_POLICY} in ${region} has ${document.length} of ${MOST_CHARACTERS} characters`;
    return {
      outcome: 'fail',
      found,
      fix: 'Take log groups out of it that are not under /aws/vendedlogs/: put-resource-policy',
    };
  }
  return { outcome: 'ok', found: `${resourcePolicies.length} of ${MOST_POLICIES} log policies in ${region}` };
}
