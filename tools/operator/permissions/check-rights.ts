import { GetRoleCommand, IAMClient, paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Question, Verdict } from '#operator/account/verdict.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { inRegion, type StageContext } from '#stacks/context.ts';
import { CONTAINER_RIGHTS } from '#stacks/permissions/container-rights.ts';
import { PIPELINE_RIGHTS } from '#stacks/permissions/pipeline-rights.ts';
import { RESOURCE_RIGHTS } from '#stacks/permissions/resource-rights.ts';
import { type PolicyStatement, stagePolicy } from '#stacks/permissions/stage-policy.ts';

/** Actions of one question. IAM names no limit of their number, but one of the answer's length. */
const ACTIONS_AT_ONCE = 50;

/** How many refused actions are named. */
const NAMED = 8;

/** The question of whether whoever asks may deploy. Rights for what is there already may have been taken on purpose: then it only warns. */
export function rightsQuestion(context: StageContext, isFirst = true): Question {
  const { region } = inRegion(context, 'primary');
  const settings = clientSettings(accessOf(context), region);
  return {
    name: 'rights',
    look: async () => {
      const { Arn = '' } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
      const verdict = await checkRights(context, new IAMClient(settings), Arn);
      return verdict.outcome === 'fail' && !isFirst ? { ...verdict, outcome: 'warn' } : verdict;
    },
  };
}

/**
 * Whether whoever asks may do all that `two-region permissions` prints, by IAM's own simulator: identity policies, permissions boundaries and the
 * organization's policies are in it, policies of resources and of a session are not.
 *
 * Source: IAM API Reference, "SimulatePrincipalPolicy".
 *
 * @param caller - ARN of a user, a role or a role's session
 */
export async function checkRights(context: StageContext, iam: IAMClient, caller: string): Promise<Verdict> {
  const account = caller.split(':')[4] ?? '';
  if (/:root$/.test(caller)) return { outcome: 'ok', found: 'the root user of the account may do everything' };
  const principal = await policySource(iam, caller);
  if (principal === undefined) return { outcome: 'skipped', found: `IAM simulates nothing of ${caller}` };
  const { container, pipeline } = context.settings;
  const optional = [
    ...(container.isActive ? Object.keys(CONTAINER_RIGHTS) : []),
    ...(pipeline.isActive ? Object.keys(PIPELINE_RIGHTS) : []),
  ];
  const types = [...Object.keys(RESOURCE_RIGHTS), ...optional];
  const { Statement } = stagePolicy(context, 'deploys', types, account);
  const refused = (await Promise.all(Statement.map((statement) => refusedOf(iam, principal, statement)))).flat();
  const names = [...new Set(refused)].sort();
  if (names.length === 0) return { outcome: 'ok', found: `${principal} may do all that a deploy does` };
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return {
    outcome: 'fail',
    found: `${principal} may not ${names.slice(0, NAMED).join(', ')}${more}`,
    fix: `Attach the policy that this prints: two-region permissions ${context.stage} --account ${account}`,
  };
}

/** A session has the policies of its role, whose path the session's ARN leaves out. */
async function policySource(iam: IAMClient, caller: string): Promise<string | undefined> {
  const [, RoleName] = /:assumed-role\/([^/]+)\//.exec(caller) ?? [];
  if (RoleName !== undefined) return (await iam.send(new GetRoleCommand({ RoleName }))).Role?.Arn;
  return /:(?:user|role)\//.test(caller) ? caller : undefined;
}

async function refusedOf(iam: IAMClient, principal: string, statement: PolicyStatement): Promise<readonly string[]> {
  const { Action, Condition = {}, Resource } = statement;
  // What the policy lets under a condition, the simulator is asked under that condition.
  const ContextEntries = Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).map(([ContextKeyName, values]) => ({
      ContextKeyName,
      ContextKeyType: 'stringList' as const,
      ContextKeyValues: values.map((value) => value.replaceAll('*', 'x')),
    })),
  );
  const refused: string[] = [];
  // What the policy names by a pattern, the simulator is asked of one resource that fits it.
  const ResourceArns = Resource.map((arn) => (arn === '*' ? arn : arn.replaceAll('*', 'x')));
  for (let at = 0; at < Action.length; at += ACTIONS_AT_ONCE) {
    const ActionNames = Action.slice(at, at + ACTIONS_AT_ONCE);
    const input = { PolicySourceArn: principal, ActionNames, ResourceArns, ContextEntries };
    for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy({ client: iam }, input)) {
      for (const { EvalActionName = '', EvalDecision } of EvaluationResults) {
        if (EvalDecision !== 'allowed') refused.push(EvalActionName);
      }
    }
  }
  return refused;
}
