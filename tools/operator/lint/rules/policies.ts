import * as z from 'zod/mini';
import { authorizersOf } from '#contract/operation.ts';
import { HEARTBEAT } from '#functions/environment.ts';
import type { Found, LintedStage } from '#operator/lint/linted-stage.ts';
import type { Fault, Rule } from '#operator/lint/rule.ts';
import { REGION_WATCH, ROUTE_LATCH } from '#stacks/naming.ts';

const policyBodySchema = z.object({ policy: z.string(), role: z.string() });
const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Action: z.optional(z.union([z.string(), z.array(z.string())])),
      Resource: z.optional(z.union([z.string(), z.array(z.string())])),
    }),
  ),
});
const assignedSchema = z.object({ function_name: z.string(), role: z.string() });

/** Beside what is declared: what Lambda itself needs of a function's role. */
const OF_LAMBDA = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

/** What the functions that are no operation's may do: with their region's route, and with the table of beats. */
const OF_SCHEDULED: Readonly<Record<string, readonly string[]>> = {
  [ROUTE_LATCH]: ['s3:GetObject', 's3:PutObject'],
  [HEARTBEAT]: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  [REGION_WATCH]: ['cloudwatch:DescribeAlarms', 's3:GetObject', 's3:PutObject'],
};

/** What IAM grants on every resource, or not at all: composite alarms (CloudWatch API Reference, "DescribeAlarms"), and traces. */
const ONLY_ON_ALL: readonly string[] = [
  'cloudwatch:DescribeAlarms',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/** Whom a function may do what to. */
export const POLICY_RULES: readonly Rule[] = [
  {
    id: 'broad-policy',
    title: "A function's role allows what its operations declare, and no more.",
    why: 'What is allowed beside it is what a fault in the function, or in a package of it, can reach: in both regions.',
    find: (stage) => stage.of('aws_iam_role_policy', policyBodySchema).flatMap((policy) => broad(stage, policy)),
  },
];

function broad(stage: LintedStage, policy: Found<z.infer<typeof policyBodySchema>>): readonly Fault[] {
  const parsed = z.safeParse(policySchema, JSON.parse(policy.values.policy));
  if (!parsed.success) return [];
  const allowing = parsed.data.Statement.filter(({ Effect }) => Effect === 'Allow');
  const actions = allowing.flatMap(({ Action = [] }) => Action);
  const resources = allowing
    .filter(({ Action }) => ![Action].flat().every((action) => ONLY_ON_ALL.includes(action ?? '')))
    .flatMap(({ Resource = [] }) => Resource);
  const wide = [
    ...actions.filter((action) => action.includes('*')).map((action) => `the action ${action}`),
    ...resources.filter((resource) => resource === '*').map(() => 'every resource'),
  ];
  return [...wide, ...undeclared(stage, policy.values.role, actions)].map((what) => ({
    stack: policy.stack,
    address: policy.address,
    found: `The policy allows ${what}.`,
    fix: 'Name the actions in `access` of the operation in functions/contract/: role and variables are made of it.',
  }));
}

function undeclared(stage: LintedStage, role: string, actions: readonly string[]): readonly string[] {
  const assigned = stage
    .of('aws_lambda_function', assignedSchema)
    .find(({ values }) => values.role.endsWith(`/${role}`));
  if (assigned === undefined) return [];
  const declared = new Set([
    ...OF_LAMBDA,
    ...Object.entries(OF_SCHEDULED).flatMap(([name, own]) =>
      assigned.values.function_name.endsWith(`-${name}`) ? own : [],
    ),
    ...[...stage.operations, ...authorizersOf(stage.operations)]
      .filter((part) => assigned.values.function_name.endsWith(`-${part.function}`))
      .flatMap(({ access }) => Object.values(access).flat()),
  ]);
  return actions
    .filter((action) => !declared.has(action) && !action.includes('*'))
    .map((action) => `${action}, which no operation declares`);
}
