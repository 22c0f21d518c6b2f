import { didYouMean, type Problem } from '#stacks/settings/problem.ts';
import { type FileValues, fileSchema } from '#stacks/settings/schema.ts';
import type { Settings, UsagePlanSettings } from '#stacks/settings/settings.ts';
import type { Assignment } from './assignment.ts';

import type { Syntax } from './syntax.ts';

const knownKeys = Object.keys(fileSchema.shape);

/** Checks every key by itself. `values` is there only when nothing is wrong with any of them. */
export function checkValues(syntax: Syntax): { readonly values?: FileValues; readonly problems: readonly Problem[] } {
  const { assignments } = syntax;
  const unknown = [...assignments.values()].filter(({ name }) => !knownKeys.includes(name)).map(unknownKey);
  const input = Object.fromEntries(
    [...assignments.values()].map((assignment) => [assignment.name, rawValue(assignment)]),
  );
  const result = fileSchema.safeParse(input);
  if (result.success) return unknown.length > 0 ? { problems: unknown } : { values: result.data, problems: [] };
  const wrong = result.error.issues.flatMap(({ path: [key, index], message }) => {
    const name = String(key);
    const assignment = assignments.get(name);
    if (assignment === undefined) return [{ line: syntax.lastLine, message: missingKey(name) }];
    if (assignment.kind === 'broken') return [];
    const word = assignment.kind === 'list' && typeof index === 'number' ? assignment.words[index] : undefined;
    return [{ line: word?.line ?? assignment.line, message: `${name}: ${message.replace('KEY', name)}` }];
  });
  return { problems: [...unknown, ...wrong] };
}

/** The settings that the checked values stand for. */
export function toSettings(values: FileValues): Settings {
  return {
    appName: values.APP_NAME,
    primaryRegion: values.PRIMARY_REGION,
    secondaryRegion: values.SECONDARY_REGION,
    stages: values.STAGES,
    apiEnvironments: values.API_ENVIRONMENTS,
    parameters: values.PARAMETERS,
    initialStacks: values.INITIAL_STACKS,
    stateBucketPrefix: values.STATE_BUCKET_PREFIX,
    lockTablePrefix: values.LOCK_TABLE_PREFIX,
    stateInSecondary: values.STATE_IN_SECONDARY,
    profiles: Object.fromEntries(values.AWS_PROFILES.map(splitProfile)),
    routingPolicy: values.ROUTING_POLICY,
    routingWeights: { primary: values.ROUTING_WEIGHT_PRIMARY, secondary: values.ROUTING_WEIGHT_SECONDARY },
    activeRegion: values.ACTIVE_REGION,
    dnsHealthCheck: values.DNS_HEALTH_CHECK,
    failback: values.FAILBACK,
    routeAway: values.ROUTE_AWAY,
    objectReplication: values.OBJECT_REPLICATION,
    ownKeys: values.OWN_KEYS,
    objectives: {
      ...(values.RTO_SECONDS !== undefined && { rtoSeconds: values.RTO_SECONDS }),
      ...(values.RPO_SECONDS !== undefined && { rpoSeconds: values.RPO_SECONDS }),
      ...(values.ERROR_BUDGET_PERCENT !== undefined && { errorBudgetPercent: values.ERROR_BUDGET_PERCENT }),
    },
    executeApiEndpoint: values.EXECUTE_API_ENDPOINT,
    pipeline: {
      isActive: values.PIPELINE === 'active',
      repository: values.PIPELINE_REPOSITORY,
      branch: values.PIPELINE_BRANCH,
      pushStages: values.PIPELINE_PUSH_STAGES,
    },
    edge: { state: values.EDGE, priceClass: values.EDGE_PRICE_CLASS, bypass: values.EDGE_BYPASS },
    cors: {
      allowOrigins: values.CORS_ALLOW_ORIGINS,
      allowMethods: values.CORS_ALLOW_METHODS,
      allowHeaders: values.CORS_ALLOW_HEADERS,
      exposeHeaders: values.CORS_EXPOSE_HEADERS,
      allowCredentials: values.CORS_ALLOW_CREDENTIALS === 'true',
      maxAgeSeconds: values.CORS_MAX_AGE_SECONDS,
    },
    usagePlan: usagePlan(values, ''),
    previewUsagePlan: usagePlan(values, 'PREVIEW_'),
    logRetentionDays: values.LOG_RETENTION_DAYS,
    tidy: { keepNewest: values.TIDY_KEEP_NEWEST, afterDays: values.TIDY_AFTER_DAYS },
    routeThrottle: { rateLimit: values.ROUTE_RATE_LIMIT, burstLimit: values.ROUTE_BURST_LIMIT },
    wafRateLimit: values.WAF_RATE_LIMIT,
    wafCountedRules: values.WAF_COUNTED_RULES,
    lintAllow: values.LINT_ALLOW,
    tracing: {
      isActive: values.TRACING === 'active',
      perSecond: values.TRACING_SAMPLES_PER_SECOND,
      percent: values.TRACING_SAMPLE_PERCENT,
    },
    recording: { percent: values.RECORDING_PERCENT, secrets: values.RECORDING_SECRETS },
    healthcheckConcurrency: values.HEALTHCHECK_CONCURRENCY,
    alarms: {
      minimumRequests: values.ALARM_MINIMUM_REQUESTS,
      errorRatePercent: values.ALARM_ERROR_RATE_PERCENT,
      durationP99Ms: values.ALARM_DURATION_P99_MS,
      invocationsPerMinute: values.ALARM_INVOCATIONS_PER_MINUTE,
      throttlesPerMinute: values.ALARM_THROTTLES_PER_MINUTE,
      serverErrorRatePercent: values.ALARM_5XX_RATE_PERCENT,
      clientErrorRatePercent: values.ALARM_4XX_RATE_PERCENT,
      latencyP99Ms: values.ALARM_LATENCY_P99_MS,
      tableErrorsPerMinute: values.ALARM_TABLE_ERRORS_PER_MINUTE,
      replicationLatencySeconds: values.ALARM_REPLICATION_LATENCY_SECONDS,
      heartbeatAgeSeconds: values.ALARM_HEARTBEAT_AGE_SECONDS,
      readinessHours: values.ALARM_READINESS_HOURS,
    },
    container: {
      isActive: values.CONTAINER === 'active',
      nat: values.CONTAINER_NAT,
      cpuUnits: values.CONTAINER_CPU_UNITS,
      tasks: { minimum: values.CONTAINER_MINIMUM_TASKS, maximum: values.CONTAINER_MAXIMUM_TASKS },
      shift: values.CONTAINER_SHIFT,
      keepMinutes: values.CONTAINER_KEEP_MINUTES,
    },
    journeyMinutes: values.JOURNEY_MINUTES,
  };
}

/** `dev=my-profile` → `['dev', 'my-profile']`. */
export function splitProfile(word: string): readonly [stage: string, profile: string] {
  const equals = word.indexOf('=');
  return [word.slice(0, equals), word.slice(equals + 1)];
}

function usagePlan(values: FileValues, prefix: '' | 'PREVIEW_'): UsagePlanSettings {
  return {
    rateLimit: values[`${prefix}THROTTLE_RATE_LIMIT`],
    burstLimit: values[`${prefix}THROTTLE_BURST_LIMIT`],
    quota: { limit: values[`${prefix}QUOTA_LIMIT`], period: values[`${prefix}QUOTA_PERIOD`] },
  };
}

function rawValue(assignment: Assignment): string | string[] | undefined {
  if (assignment.kind === 'text') return assignment.text;
  return assignment.kind === 'list' ? assignment.words.map(({ text }) => text) : undefined;
}

function unknownKey({ name, line }: Assignment): Problem {
  const fix = didYouMean(name, knownKeys) || ' Delete it.';
  return {
    line,
    message: `got the unknown key ${name}, allowed: the keys of the settings.conf that came with the project.${fix}`,
  };
}

function missingKey(name: string): string {
  return `got no ${name}, which has no default. Add it: the settings.conf that came with the project has an example of each key.`;
}
