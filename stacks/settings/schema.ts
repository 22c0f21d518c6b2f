import { z } from 'zod';
import { choice, INT32_MAX, integer, list, orNone, positiveNumber, refused, text } from './fields.ts';
import { parameterCatalogue } from './parameters.ts';
import { knownPartition, lackOf } from './partitions.ts';
import { didYouMean, shown } from './problem.ts';
import { ENCRYPTED } from './settings.ts';
import { isReservedEnvironment } from './stack-names.ts';

/** Retention that log groups accept. Source: CloudWatch Logs API Reference, PutRetentionPolicy. */
const retentionDays = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

// The name starts SSM parameter paths too, which may not start with aws or ssm: Systems Manager API Reference, PutParameter.
const appName = text(
  /^(?!aws|ssm)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
  'lower-case letters and digits with single hyphens between them, first a letter, not starting with aws or ssm',
);

const region = z
  .string(refused('a region code such as eu-central-1'))
  .refine((code) => knownPartition(code) !== undefined, {
    error: ({ input }) => `got ${shown(String(input))}, allowed: the code of an AWS region such as eu-central-1.`,
  })
  .refine((code) => lackOf(code) === undefined, {
    error: ({ input }) =>
      `got ${shown(String(input))}, allowed: a region of another partition than ${knownPartition(String(input))}. ${lackOf(String(input))}.`,
  });

const stage = text(/^[a-z][a-z0-9]{0,11}$/, '1 to 12 lower-case letters and digits, first a letter');

// Stage of the gateways and alias of the functions at once, so what both accept; short, as role names of 64 characters hold it.
const apiEnvironment = text(
  /^[A-Za-z][A-Za-z0-9_]{0,15}$/,
  '1 to 16 letters, digits and underscores, first a letter',
).refine((name) => !isReservedEnvironment(name), {
  error: ({ input }) =>
    `got ${shown(String(input))}, allowed: a name that no stack has; preview is made anyway. Rename it.`,
});

const parameterNames = Object.keys(parameterCatalogue);

const parameter = z.string().refine((name) => Object.hasOwn(parameterCatalogue, name), {
  error: ({ input }) => {
    const suggestion = didYouMean(String(input), parameterNames);
    return `got ${shown(String(input))}, allowed: ${parameterNames.join(', ')}.${suggestion || ' Delete it.'}`;
  },
});

const parameters = list(parameter, 0, 'parameter names').superRefine((names, context) => {
  for (const { name, neededBy } of Object.values(parameterCatalogue)) {
    if (neededBy.length === 0 || names.includes(name)) continue;
    const message = `got no ${shown(name)}, allowed: a list with it, as it is read by ${neededBy.join(' and ')}. Add it.`;
    context.addIssue({ code: 'custom', message });
  }
});

const lintAllowance = text(
  /^[a-z-]+ \S+: \S.*$/,
  'RULE PATH: REASON such as "waf-coverage *-api-*/http/*: its callers sign their requests", * in the path for any text',
);

const awsProfile = text(
  /^[a-z][a-z0-9]*=[\w@+:,./-]+$/,
  'STAGE=PROFILE such as "dev=my-dev-profile", the profile without blanks',
);

/** Source: API Gateway Developer Guide, "Configure CORS for HTTP APIs in API Gateway". */
const origin = z.string().refine((value) => ['*', 'https://*', 'http://*'].includes(value) || isOrigin(value), {
  error: ({ input }) =>
    `got ${shown(String(input))}, allowed: *, https://*, http://*, or an origin as browsers send it, such as https://app.example.com: lower case, no path, no slash at the end, no default port.`,
});

function isOrigin(value: string): boolean {
  return /^https?:\/\/[\w.:[\]-]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

const method = choice(['*', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** Source: RFC 9110, 5.1 Field Names. */
const header = text(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name such as content-type, or *');

const memberName = text(
  /^[\w.$@:-]{1,128}$/,
  'the name of a parameter, a header or a member of a JSON body such as password',
);

const retention = integer(1, 3653, 'days').refine((days) => retentionDays.includes(days), {
  error: ({ input }) =>
    `got ${String(input)}, allowed: ${retentionDays.join(', ')}, as CloudWatch Logs takes no others.`,
});

const rateLimit = positiveNumber('requests per second');
const requests = integer(1, INT32_MAX, 'requests');
/** Rules of AWSManagedRulesCommonRuleSet are named so. Source: AWS WAF Developer Guide, "Baseline rule groups". */
const wafRule = text(
  /^[A-Za-z][A-Za-z0-9_]{0,127}$/,
  'the name of a rule of AWSManagedRulesCommonRuleSet such as SizeRestrictions_BODY',
);
const share = positiveNumber('percent').refine((value) => value < 100, {
  error: ({ input }) => `got ${String(input)}, allowed: a number of percent above 0 and below 100.`,
});
const events = integer(0, INT32_MAX, 'events');
const percent = integer(0, 99, 'percent');
/** API Gateway gives up after 29 s: above that no alarm would ever go off. */
const milliseconds = integer(1, 29_000, 'milliseconds');
/** Beats are a minute apart, and one may come late. */
const heartbeatAge = integer(0, 86_400, 'seconds').refine((seconds) => seconds === 0 || seconds >= 120, {
  error: ({ input }) =>
    `got ${String(input)}, allowed: 120 to 86400 seconds, as a region beats once a minute, or 0 for no heartbeat.`,
});
/** Source: Amazon Route 53 API Reference, "ResourceRecordSet", Weight. */
const routingWeight = integer(0, 255, 'shares');
/** Source: AWS CodeDeploy API Reference, "BlueInstanceTerminationOption", terminationWaitTimeInMinutes. */
const containerKeep = integer(5, 2880, 'minutes');
const quotaPeriod = choice(['DAY', 'WEEK', 'MONTH']);

/** The keys of the file. What each field alone allows; what fields ask of each other is in relations.ts. */
export const fileSchema = z.object({
  APP_NAME: appName,
  PRIMARY_REGION: region,
  SECONDARY_REGION: region,
  STAGES: list(stage, 1, 'stages'),
  API_ENVIRONMENTS: list(apiEnvironment, 2, 'environments'),
  PARAMETERS: parameters,
  INITIAL_STACKS: list(z.string(), 1, 'stacks'),
  STATE_BUCKET_PREFIX: text(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens, first a letter or digit'),
  // DynamoDB allows 255 characters (Developer Guide, "Naming rules"); 13 are kept for the stage.
  LOCK_TABLE_PREFIX: text(/^[\w.-]{1,242}$/, '1 to 242 letters, digits, underscores, hyphens and dots'),
  STATE_IN_SECONDARY: list(z.string(), 0, 'stages').default([]),
  AWS_PROFILES: list(awsProfile, 0, 'profiles', (word) => word.replace(/=.*/, '')).default([]),
  ROUTING_POLICY: choice(['failover', 'weighted', 'latency']).default('failover'),
  ROUTING_WEIGHT_PRIMARY: routingWeight.default(50),
  ROUTING_WEIGHT_SECONDARY: routingWeight.default(50),
  ACTIVE_REGION: choice(['primary', 'secondary']).default('primary'),
  DNS_HEALTH_CHECK: choice(['shallow', 'deep', 'relative']).default('shallow'),
  FAILBACK: choice(['manual', 'automatic']).default('manual'),
  ROUTE_AWAY: choice(['manual', 'watch', 'automatic']).default('watch'),
  OBJECT_REPLICATION: choice(['none', 'two-way']).default('none'),
  OWN_KEYS: list(choice(ENCRYPTED), 0, 'kinds of what is encrypted').default([]),
  RTO_SECONDS: orNone(integer(1, 86_400, 'seconds')),
  RPO_SECONDS: orNone(integer(0, 86_400, 'seconds')),
  ERROR_BUDGET_PERCENT: orNone(share),
  EXECUTE_API_ENDPOINT: choice(['open', 'closed']).default('open'),
  EDGE: choice(['none', 'standby', 'active']).default('none'),
  EDGE_PRICE_CLASS: choice(['PriceClass_100', 'PriceClass_200', 'PriceClass_All']).default('PriceClass_100'),
  EDGE_BYPASS: choice(['open', 'closed']).default('open'),
  CORS_ALLOW_ORIGINS: list(origin, 1, 'origins').default(['*']),
  CORS_ALLOW_METHODS: list(method, 1, 'methods').default(['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT']),
  CORS_ALLOW_HEADERS: list(header, 0, 'header names').default([
    ...[
      'authorization',
      'content-type',
      'idempotency-key',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
      'x-api-key',
      'x-correlation-id',
    ],
  ]),
  CORS_EXPOSE_HEADERS: list(header, 0, 'header names').default(['apigw-requestid', 'x-amzn-requestid']),
  CORS_ALLOW_CREDENTIALS: choice(['true', 'false']).default('false'),
  CORS_MAX_AGE_SECONDS: integer(0, 86_400, 'seconds').default(3600),
  THROTTLE_RATE_LIMIT: rateLimit.default(50),
  THROTTLE_BURST_LIMIT: requests.default(100),
  QUOTA_LIMIT: requests.default(1_000_000),
  QUOTA_PERIOD: quotaPeriod.default('MONTH'),
  PREVIEW_THROTTLE_RATE_LIMIT: rateLimit.default(5),
  PREVIEW_THROTTLE_BURST_LIMIT: requests.default(10),
  PREVIEW_QUOTA_LIMIT: requests.default(10_000),
  PREVIEW_QUOTA_PERIOD: quotaPeriod.default('DAY'),
  LOG_RETENTION_DAYS: retention.default(30),
  TIDY_KEEP_NEWEST: integer(1, 1000, 'versions').default(5),
  TIDY_AFTER_DAYS: integer(0, 3653, 'days').default(30),
  ROUTE_RATE_LIMIT: rateLimit.default(2000),
  ROUTE_BURST_LIMIT: requests.default(1000),
  WAF_RATE_LIMIT: integer(10, 2_000_000_000, 'requests per address in 5 minutes').default(1000),
  LINT_ALLOW: list(lintAllowance, 0, 'findings of two-region lint that are meant').default([
    'get-that-writes contract/test: the sample writes in both regions, which it is there to show',
    'waf-coverage *-api-*/http/*: its routes want a signature, and AWS WAF cannot stand before an HTTP API',
  ]),
  WAF_COUNTED_RULES: list(wafRule, 0, 'names of rules').default(['SizeRestrictions_BODY']),
  TRACING: choice(['off', 'active']).default('off'),
  TRACING_SAMPLES_PER_SECOND: integer(0, 1000, 'requests').default(1),
  TRACING_SAMPLE_PERCENT: integer(0, 100, 'percent').default(5),
  RECORDING_PERCENT: integer(0, 100, 'percent').default(0),
  RECORDING_SECRETS: list(memberName, 0, 'names of parameters, headers and members').default([
    'password',
    'secret',
    'token',
  ]),
  HEALTHCHECK_CONCURRENCY: integer(0, 1000, 'executions').default(10),
  ALARM_MINIMUM_REQUESTS: integer(1, 1_000_000, 'requests').default(20),
  ALARM_ERROR_RATE_PERCENT: percent.default(5),
  ALARM_DURATION_P99_MS: milliseconds.default(2000),
  ALARM_INVOCATIONS_PER_MINUTE: requests.default(6000),
  ALARM_THROTTLES_PER_MINUTE: events.default(0),
  ALARM_5XX_RATE_PERCENT: percent.default(5),
  ALARM_4XX_RATE_PERCENT: percent.default(25),
  ALARM_LATENCY_P99_MS: milliseconds.default(3000),
  ALARM_TABLE_ERRORS_PER_MINUTE: events.default(0),
  ALARM_REPLICATION_LATENCY_SECONDS: integer(1, 86_400, 'seconds').default(180),
  ALARM_HEARTBEAT_AGE_SECONDS: heartbeatAge.default(180),
  PIPELINE: choice(['off', 'active']).default('off'),
  PIPELINE_REPOSITORY: text(/^(?:[\w.-]+(?:\/[\w.-]+)+)?$/, 'owner/name, as the connection knows it').default(''),
  PIPELINE_BRANCH: text(/^[\w./-]{1,250}$/, 'the name of a branch').default('main'),
  PIPELINE_PUSH_STAGES: list(z.string(), 0, 'stages').default([]),
  CONTAINER: choice(['off', 'active']).default('off'),
  CONTAINER_NAT: choice(['none', 'one', 'per-zone']).default('none'),
  CONTAINER_CPU_UNITS: choice(['256', '512', '1024', '2048', '4096', '8192']).default('256').transform(Number),
  CONTAINER_MINIMUM_TASKS: integer(1, 1000, 'tasks').default(2),
  CONTAINER_MAXIMUM_TASKS: integer(1, 1000, 'tasks').default(10),
  CONTAINER_SHIFT: choice(['all-at-once', 'canary', 'linear']).default('all-at-once'),
  CONTAINER_KEEP_MINUTES: containerKeep.default(60),
  ALARM_READINESS_HOURS: integer(0, 168, 'hours').default(0),
  JOURNEY_MINUTES: integer(0, 60, 'minutes').default(0),
});

/** What the schema makes of a file. */
export type FileValues = z.output<typeof fileSchema>;
