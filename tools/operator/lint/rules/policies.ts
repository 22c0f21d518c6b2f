import * as z from 'zod/mini';
import { authorizersOf } from '#contract/operation.ts';
import { HEARTBEAT } from '#functions/environment.ts';
import type { Found, LintedStage } from '#operator/lint/linted-stage.ts';
import type { Fault, Rule } from '#operator/lint/rule.ts';
import { JOURNEYS, REGION_WATCH, ROUTE_LATCH } from '#stacks/naming.ts';

const policyBodySchema = z.object({ policy: z.string(), role: z.string() });
const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.optional(z.unknown()),
      Condition: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
      Action: z.optional(z.union([z.string(), z.array(z.string())])),
      Resource: z.optional(z.union([z.string(), z.array(z.string())])),
    }),
  ),
});
const permissionSchema = z.object({
  function_name: z.string(),
  principal: z.string(),
  source_arn: z.optional(z.nullable(z.string())),
  source_account: z.optional(z.nullable(z.string())),
});
const principalSchema = z.object({ Service: z.union([z.string(), z.array(z.string())]) });

/** Policies that say who may use something, by the type that they stand in. */
const BOUND_POLICIES: readonly (readonly [type: string, argument: string])[] = [
  ['aws_iam_role', 'assume_role_policy'],
  ['aws_kms_key', 'policy'],
  ['aws_s3_bucket_policy', 'policy'],
  ['aws_sns_topic_policy', 'policy'],
];

/** What says for whom a service acts; CloudWatch Logs says it by what it encrypts. */
const BINDING = /^(?:aws:Source(?:Account|Arn|OrgID|OrgPaths)|kms:EncryptionContext:aws:logs:arn)$/i;

/**
 * Services that do not say for whom they act, and why that lets nobody in: a role is used for what somebody with `iam:PassRole` has given it to.
 *
 * Source: Lambda's and S3's pages on their roles name no such condition (AWS Lambda Developer Guide, "Defining Lambda function permissions with an
 * execution role"; Amazon S3 User Guide, "Setting up permissions for live replication"); Amazon EventBridge User Guide, "Troubleshooting": no condition
 * in the policy of a topic, and so none on the key of the topic; Elastic Load Balancing, User Guide for Application Load Balancers, "Enable access
 * logs": the account is in the path that they are written to.
 */
const SAYS_NOT: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role: ['lambda.amazonaws.com', 's3.amazonaws.com'],
  aws_kms_key: ['events.amazonaws.com'],
  aws_s3_bucket_policy: ['logdelivery.elasticloadbalancing.amazonaws.com'],
  aws_sns_topic_policy: ['events.amazonaws.com'],
};

const assignedSchema = z.object({ function_name: z.string(), role: z.string() });

/** Beside what is declared: what Lambda itself needs of a function's role. */
const OF_LAMBDA = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

/** What the functions that are no operation's may do: with their region's route, with the table of beats, and as a client. */
const OF_SCHEDULED: Readonly<Record<string, readonly string[]>> = {
  [ROUTE_LATCH]: ['s3:GetObject', 's3:PutObject'],
  [HEARTBEAT]: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  [JOURNEYS]: ['execute-api:Invoke', 'ssm:GetParameter'],
  [REGION_WATCH]: ['cloudwatch:DescribeAlarms', 's3:GetObject', 's3:PutObject'],
};

/**
 * What IAM grants on every resource, or not at all: composite alarms (CloudWatch API Reference, "DescribeAlarms"), traces, the token of a registry, reads
 * of load balancers. Task sets have no name before CodeDeploy makes them: AWS's own policy for it, AWSCodeDeployRoleForECS, grants these on all, too.
 */
const ONLY_ON_ALL: readonly string[] = [
  'cloudwatch:DescribeAlarms',
  'ecr:GetAuthorizationToken',
  'ecs:CreateTaskSet',
  'ecs:DeleteTaskSet',
  'ecs:DescribeServices',
  'ecs:UpdateServicePrimaryTaskSet',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroups',
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
  {
    id: 'unbound-service',
    title: 'A service of AWS that is let in is let in for this account, and for what is named.',
    why: 'The service acts for everybody: in the name of another account it could be had to use the role, the topic, the key or the function.',
    find: (stage) => [
      ...BOUND_POLICIES.flatMap(([type, argument]) =>
        stage.of(type, z.record(z.string(), z.unknown())).flatMap((found) => unbound(found, found.values[argument])),
      ),
      ...stage
        .of('aws_lambda_permission', permissionSchema)
        .filter(({ values: { principal, source_account: account, source_arn: arn } }) => {
          return /\.amazonaws\./.test(principal) && !account && !/^arn:[^:]+:[^:]+:[^:]*:\d{12}:/.test(arn ?? '');
        })
        .map((permission) => ({
          ...permission,
          found: `${permission.values.principal} may invoke ${permission.values.function_name} in whoever's name.`,
          fix: 'Give the permission a source_arn of the account, or source_account with it.',
        })),
    ],
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

function unbound(found: Found<unknown>, text: unknown): readonly Fault[] {
  if (typeof text !== 'string') return [];
  const parsed = z.safeParse(policySchema, JSON.parse(text));
  if (!parsed.success) return [];
  const [type = ''] = found.address.split('.');
  return parsed.data.Statement.filter(({ Effect, Condition = {} }) => {
    return (
      Effect === 'Allow' && !Object.values(Condition).some((keys) => Object.keys(keys).some((key) => BINDING.test(key)))
    );
  }).flatMap(({ Principal }) => {
    const service = z.safeParse(principalSchema, Principal);
    const services = service.success ? [service.data.Service].flat() : [];
    return services
      .filter((name) => !SAYS_NOT[type]?.includes(name))
      .map((name) => ({
        stack: found.stack,
        address: found.address,
        found: `${name} is let in in whoever's name.`,
        fix: 'Give the statement conditions on aws:SourceAccount and aws:SourceArn.',
      }));
  });
}
