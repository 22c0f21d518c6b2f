import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';

export interface LogQueriesProps {
  /** Folder in which the console shows them. */
  readonly folder: string;
  /** Access logs of REST and HTTP APIs. */
  readonly accessLogs: readonly string[];
  readonly functionLogs: readonly string[];
  readonly provider: AwsProvider;
}

type Logs = 'access' | 'all' | 'functions';

/** A REST API's log has `resourcePath`, an HTTP API's `routeKey`. Values are strings, which Logs Insights compares as the numbers that they are. */
const ROUTE = 'coalesce(routeKey, concat(httpMethod, " ", resourcePath)) as route';

/**
 * What one asks when something is wrong, in the order in which docs/operations.md does.
 *
 * Source: Amazon CloudWatch Logs User Guide, "CloudWatch Logs Insights language query syntax".
 */
const QUERIES: readonly { readonly name: string; readonly of: Logs; readonly lines: readonly string[] }[] = [
  {
    name: 'failed requests',
    of: 'access',
    lines: [
      `fields @timestamp, ${ROUTE}, status, errorMessage, integrationError, integrationRequestId, xrayTraceId, requestId`,
      'filter status >= 500',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'refused requests',
    of: 'access',
    lines: [
      `fields ${ROUTE}`,
      'filter status >= 400 and status < 500',
      'stats count(*) as requests by status, errorResponseType, route, ip, apiKeyId',
      'sort requests desc',
      'limit 100',
    ],
  },
  {
    name: 'slow requests',
    of: 'access',
    lines: [
      `fields @timestamp, ${ROUTE}, responseLatency, integrationLatency, responseLatency - integrationLatency as gatewayMs, xrayTraceId`,
      'filter responseLatency > 1000',
      'sort responseLatency desc',
      'limit 200',
    ],
  },
  {
    name: 'who calls',
    of: 'access',
    lines: ['stats count(*) as requests by apiKeyId, callerArn, ip', 'sort requests desc', 'limit 100'],
  },
  {
    name: 'which environment served',
    of: 'access',
    lines: [
      'stats count(*) as requests, sum(status >= 500) as failed, pct(responseLatency, 99) as p99 by @log, bin(1m) as minute',
      'sort minute desc',
    ],
  },
  {
    name: 'errors of functions',
    of: 'functions',
    lines: [
      'fields @timestamp, @log, message, error.name, error.message, xray_trace_id, @message',
      'filter level in ["ERROR", "CRITICAL"] or @message like /Task timed out|Invoke Error|Runtime exited/',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'cold starts, duration and memory',
    of: 'functions',
    lines: [
      'filter @type = "REPORT"',
      'stats count(*) as invocations, count(@initDuration) as coldStarts, pct(@initDuration, 99) as coldStartP99, pct(@duration, 99) as p99, max(@maxMemoryUsed) / max(@memorySize) as memoryUsed by @log',
    ],
  },
  {
    name: 'one trace',
    of: 'all',
    lines: [
      'fields @timestamp, @log, @message',
      'filter @message like "1-00000000-000000000000000000000000"',
      'sort @timestamp',
    ],
  },
];

/** Saved queries of CloudWatch Logs Insights over the logs of one region. */
export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, { folder, accessLogs, functionLogs, provider }: LogQueriesProps) {
    super(scope, id);
    const logs: Readonly<Record<Logs, readonly string[]>> = {
      access: accessLogs,
      functions: functionLogs,
      all: [...accessLogs, ...functionLogs],
    };
    for (const { name, of, lines } of QUERIES) {
      new CloudwatchQueryDefinition(this, name.replaceAll(/[ ,]+/g, '-'), {
        name: `${folder}/${name}`,
        logGroupNames: [...logs[of]],
        queryString: lines.join('\n| '),
        provider,
      });
    }
  }
}
