import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { checkRights } from '#operator/permissions/check-rights.ts';
import { RESOURCE_RIGHTS } from '#stacks/permissions/resource-rights.ts';
import { type PolicyDocument, stagePolicy } from '#stacks/permissions/stage-policy.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { isAllowedBy } from './simulated-policy.ts';

const ACCOUNT = '123456789012';
const printed = stagePolicy(context, 'deploys', Object.keys(RESOURCE_RIGHTS), ACCOUNT);
const deployer = `arn:aws:iam::${ACCOUNT}:role/pipelines/deployer`;

/** An account whose simulator knows one policy, of whoever is asked about. */
function account(policy: PolicyDocument) {
  const client = new IAMClient({});
  const iam = mockClient(client);
  iam.on(GetRoleCommand, { RoleName: 'deployer' }).resolves({
    Role: { Arn: deployer, Path: '/pipelines/', RoleName: 'deployer', RoleId: 'A', CreateDate: new Date(0) },
  });
  iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames = [], ResourceArns = [] }) => ({
    EvaluationResults: ActionNames.flatMap((EvalActionName: string) =>
      ResourceArns.map((EvalResourceName: string) => {
        const allowed = isAllowedBy(policy, { action: EvalActionName, resource: EvalResourceName });
        return { EvalActionName, EvalResourceName, EvalDecision: allowed ? 'allowed' : 'implicitDeny' };
      }),
    ),
  }));
  const asked = () => iam.commandCalls(SimulatePrincipalPolicyCommand).map(({ args: [{ input }] }) => input);
  return { client, asked };
}

describe("a deployer's rights, by IAM's simulator (B29)", () => {
  it('are enough with the policy that is printed, which is asked of the role behind a session', async () => {
    const { client, asked } = account(printed);
    const verdict = await checkRights(context, client, `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/pipeline-1`);
    expect(verdict).toEqual({ outcome: 'ok', found: `${deployer} may do all that a deploy does` });
    expect(new Set(asked().map(({ PolicySourceArn }) => PolicySourceArn))).toEqual(new Set([deployer]));
    const named = asked().flatMap(({ ResourceArns = [] }) => ResourceArns);
    expect(named.filter((arn) => arn !== '*' && arn.includes('*'))).toEqual([]);
    expect(named).toContain(`arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-x`);
  });

  it.each(printed.Statement.map(({ Sid }) => Sid))('lack what the statement %s gives, and it is named', async (Sid) => {
    const without = printed.Statement.filter((statement) => statement.Sid !== Sid);
    const { client } = account({ ...printed, Statement: without });
    const { outcome, found, fix } = await checkRights(context, client, `arn:aws:iam::${ACCOUNT}:user/ada`);
    expect(outcome).toBe('fail');
    expect(found).toMatch(/user\/ada may not \w+:\w+/);
    expect(fix).toContain(`two-region permissions dev --account ${ACCOUNT}`);
  });

  it('are not asked of the root user, who may do everything, nor of a federated user, of whom IAM knows nothing', async () => {
    const { client, asked } = account({ ...printed, Statement: [] });
    expect(await checkRights(context, client, `arn:aws:iam::${ACCOUNT}:root`)).toMatchObject({ outcome: 'ok' });
    const federated = `arn:aws:sts::${ACCOUNT}:federated-user/ada`;
    expect(await checkRights(context, client, federated)).toMatchObject({ outcome: 'skipped' });
    expect(asked()).toEqual([]);
  });
});
