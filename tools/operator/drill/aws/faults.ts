import { DeleteRolePolicyCommand, type IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { tableWrite } from '#contract/writes.ts';
import { isAbsent } from '#operator/aws/absent.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { Traffic } from '#operator/drill/load/journeys.ts';
import type { Scenario } from '#operator/drill/scenarios.ts';
import { moveRoute, type RoutePlace } from '#operator/route/move-route.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';

/** Something that a drill breaks in a stage on AWS, and takes back. */
export interface AwsFault {
  readonly scenario: Scenario;
  /** What a later command needs to take it back, too. */
  readonly role?: string;
  /** @param until - when it ends by itself, if nobody has taken it back by then */
  readonly inflict: (until: Date) => Promise<void>;
  /** Takes it back; nothing happens where that is done already. */
  readonly restore: () => Promise<void>;
}

/** The inline policy that denies: a drill's, and nobody else's. */
const POLICY_NAME = 'two-region-drill';

/** Traffic keeps away from the active region, as by `route-away`: every client is served by the other one meanwhile, whatever becomes of this command. */
export function leaveRegion(route: RoutePlace, region: RegionType): AwsFault {
  const move = (kind: 'away' | 'back') => moveRoute(route, { kind, region, wait: false }, async () => undefined);
  return {
    scenario: {
      name: 'route-away',
      title: 'A region is left',
      done: `Traffic keeps away from the ${region} region.`,
      fault: { kind: 'route-away' },
      traffic: 'moves',
      alarms: 'any',
    },
    inflict: async () => {
      await move('away');
    },
    restore: async () => {
      await move('back');
    },
  };
}

interface TableFault {
  readonly iam: Pick<IAMClient, 'send'>;
  /** Of the region whose function loses the table. */
  readonly lambda: Pick<LambdaClient, 'send'>;
  /** Environment that has the traffic. */
  readonly environment: string;
  readonly traffic: Traffic;
}

/**
 * The function of the contract's first write to a table may not use it any more, in one region: its role gets a statement that denies. IAM itself lets the
 * statement lapse: its condition is a time.
 *
 * Source: IAM User Guide, "Global condition context keys", `aws:CurrentTime`; "Policy evaluation logic": an explicit deny overrides every allow.
 *
 * @throws RefusedError where no operation writes to a table, or the function is not there
 */
export async function denyTable(
  context: StageContext,
  region: RegionType,
  { iam, lambda, environment, traffic }: TableFault,
): Promise<AwsFault> {
  const written = traffic.journeys.flatMap(({ write }) => {
    const variable = tableWrite(write);
    return variable === undefined ? [] : [{ name: write.function, variable }];
  });
  const [first] = written;
  if (!first) throw new RefusedError('lose-table needs an operation that writes to a table: the contract has none.');
  const FunctionName = functionName(context, first.name);
  const { Role = '', Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName, Qualifier: environment }),
  );
  const table = Environment?.Variables?.[first.variable];
  const role = Role.split('/').at(-1);
  if (table === undefined || role === undefined || role === '') {
    throw new RefusedError(`${FunctionName} of ${environment} names no table in ${first.variable}: deploy it first.`);
  }
  return {
    scenario: {
      name: 'lose-table',
      title: 'A table is lost',
      done: `The function ${first.name} of the ${region} region may not use the table ${table}.`,
      fault: { kind: 'fail', failure: { part: `table:${table}`, mode: { kind: 'refuse' } } },
      traffic: 'stays',
      alarms: 'told',
    },
    role,
    inflict: async (until) => {
      const arn = `arn:${partitionOf(context.settings.primaryRegion)}:dynamodb:*:*:table/${table}`;
      const statement = {
        Sid: 'Drill',
        Effect: 'Deny',
        Action: 'dynamodb:*',
        Resource: [arn, `${arn}/*`],
        Condition: { DateLessThan: { 'aws:CurrentTime': until.toISOString().replace(/\.\d+Z$/, 'Z') } },
      };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: POLICY_NAME, PolicyDocument }));
    },
    restore: () => allowAgain(iam, role),
  };
}

/** Takes the statement away from a role, if it has it. */
export async function allowAgain(iam: Pick<IAMClient, 'send'>, RoleName: string): Promise<void> {
  try {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME }));
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
