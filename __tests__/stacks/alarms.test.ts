import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { tableActions } from '#stacks/alarms.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

type Block = Readonly<Record<string, unknown>>;

const stack = await synthesizeStage();
const named = (name: string) => (of: string) =>
  stack(of)
    .resources('aws_cloudwatch_metric_alarm')
    .find(({ alarm_name }) => alarm_name === `two-region-api-dev-${name}`);
const alarm = (of: string, name: string): Block => named(name)(of) ?? {};
/** `metric_name` and statistic by the names that the expression uses. */
function math(block: Block): { readonly expression: unknown; readonly metrics: Readonly<Record<string, unknown>> } {
  const queries = block.metric_query as readonly { id: string; expression?: string; metric?: Block }[];
  return {
    expression: queries.find(({ expression }) => expression !== undefined)?.expression,
    metrics: Object.fromEntries(
      queries.flatMap(({ id, metric }) => (metric ? [[id, `${metric.stat} ${metric.metric_name}`]] : [])),
    ),
  };
}

describe('alarms of an environment (S3.6)', () => {
  it("watch each function's own alias: share of errors with a floor, p99, throttles, invocations", () => {
    for (const name of new Set(operations.map((operation) => operation.function))) {
      const rate = alarm('envA-primary', `envA-${name}-error-rate`);
      if (name !== 'user') {
        expect(math(rate)).toEqual({
          expression: '100 * errors / MAX([invocations, 20])',
          metrics: { errors: 'Sum Errors', invocations: 'Sum Invocations' },
        });
      }
      expect(rate).toMatchObject({
        threshold: 5,
        comparison_operator: 'GreaterThanThreshold',
        evaluation_periods: 5,
        datapoints_to_alarm: 3,
        treat_missing_data: 'notBreaching',
      });
      expect(alarm('envA-primary', `envA-${name}-duration`)).toMatchObject({
        metric_name: 'Duration',
        extended_statistic: 'p99',
        evaluate_low_sample_count_percentiles: 'ignore',
        threshold: 2000,
      });
      expect(alarm('envA-primary', `envA-${name}-throttles`)).toMatchObject({ metric_name: 'Throttles', threshold: 0 });
      const invocations = alarm('envA-primary', `envA-${name}-invocations`);
      expect(invocations).toMatchObject({ metric_name: 'Invocations', statistic: 'Sum', period: 60, threshold: 6000 });
      expect(JSON.stringify(invocations.dimensions)).toMatch(/"Resource":"[^"]+function_name\}:envA"/);
    }
  });

  it('count the 5xx of routes where a function behind mapping templates fails to say 404', () => {
    const rate = alarm('envA-primary', 'envA-user-error-rate');
    expect(math(rate)).toEqual({
      expression: '100 * (FILL(errors_1, 0) + FILL(errors_2, 0)) / MAX([invocations, 20])',
      metrics: { errors_1: 'Sum 5XXError', errors_2: 'Sum 5XXError', invocations: 'Sum Invocations' },
    });
    const routes = JSON.stringify(rate.metric_query).match(/"Method":"\w+","Resource":"[^"]+"/g);
    expect(routes?.sort()).toEqual([
      '"Method":"GET","Resource":"/user/{id}"',
      '"Method":"POST","Resource":"/user/{id}"',
    ]);
  });

  it("take health checks' own requests off an API's shares, and go by route for latency (F21)", () => {
    for (const [metric, name] of [
      ['5XXError', '5xx-rate'],
      ['4XXError', '4xx-rate'],
    ] as const) {
      expect(math(alarm('envA-primary', `envA-rest-api-${name}`))).toEqual({
        expression: '100 * (errors - FILL(checks_errors, 0)) / MAX([(requests - FILL(checks_requests, 0)), 20])',
        metrics: {
          errors: `Sum ${metric}`,
          requests: 'Sum Count',
          checks_errors: `Sum ${metric}`,
          checks_requests: 'Sum Count',
        },
      });
    }
    const queries = alarm('envA-primary', 'envA-rest-api-5xx-rate').metric_query;
    expect(queries).toContainEqual(
      expect.objectContaining({
        id: 'checks_requests',
        metric: expect.objectContaining({
          dimensions: { ApiName: 'two-region-api-dev', Stage: 'envA', Method: 'GET', Resource: '/healthcheck' },
        }),
      }),
    );
    expect(named('envA-rest-api-healthcheck-latency')('envA-primary')).toBeUndefined();
    expect(named('envA-http-api-events-healthcheck-latency')('envA-primary')).toBeUndefined();
    for (const { id, api, method, path } of operations.filter((operation) => !operation.id.endsWith('healthcheck'))) {
      const latency = alarm('envA-primary', `envA-${api}-api-${id}-latency`);
      expect(latency).toMatchObject({ metric_name: 'Latency', extended_statistic: 'p99', threshold: 3000 });
      expect(latency.dimensions).toMatchObject({ Method: method, Resource: path, Stage: 'envA' });
    }
  });

  it("call an HTTP API's metrics what they are called there", () => {
    expect(math(alarm('envA-primary', 'envA-http-api-5xx-rate'))).toEqual({
      expression: '100 * (errors - FILL(checks_errors, 0)) / MAX([(requests - FILL(checks_requests, 0)), 20])',
      metrics: { errors: 'Sum 5xx', requests: 'Sum Count', checks_errors: 'Sum 5xx', checks_requests: 'Sum Count' },
    });
    expect(JSON.stringify(alarm('envA-primary', 'envA-http-api-4xx-rate').metric_query)).toMatch(/"ApiId":"\$\{/);
  });

  it('go together in one that says whether the environment is sick, with its tables, and that tells people', () => {
    const [sick] = stack('envA-primary').resources('aws_cloudwatch_composite_alarm');
    const all = stack('envA-primary').resources('aws_cloudwatch_metric_alarm');
    const inRule = (name: unknown) => String(sick?.alarm_rule).includes(`ALARM("${String(name)}")`);
    expect(sick).toMatchObject({ alarm_name: 'two-region-api-dev-envA-sick' });
    expect(inRule('two-region-api-dev-data-sick')).toBe(true);
    for (const { alarm_name, alarm_actions } of all) {
      // Who is in the rule is told of by it; who is not tells for itself.
      expect([alarm_name, inRule(alarm_name)]).toEqual([alarm_name, alarm_actions === undefined]);
      expect(String(alarm_name)).toMatch(
        inRule(alarm_name) ? /(error-rate|duration|throttles|latency|5xx-rate)$/ : /(invocations|4xx-rate)$/,
      );
    }
    expect(sick?.alarm_actions).toEqual(sick?.ok_actions);
    expect(JSON.stringify(sick?.alarm_actions)).toContain('aws_sns_topic');
    // What it names is there before it, and goes after it.
    expect(sick?.depends_on).toHaveLength(all.filter(({ alarm_name }) => inRule(alarm_name)).length);
    for (const { lifecycle } of all) expect(lifecycle).toEqual({ create_before_destroy: true });
  });

  it('take their thresholds from the settings, and none are made for preview', async () => {
    const { alarms } = (await import('#stacks/settings/index.ts')).loadSettings('settings.conf');
    const changed = { ...alarms, minimumRequests: 7, errorRatePercent: 1, latencyP99Ms: 250 };
    const other = await synthesizeStage('dev', { alarms: changed });
    const found = other('envB-secondary').resources('aws_cloudwatch_metric_alarm');
    expect(JSON.stringify(found)).toContain('MAX([invocations, 7])');
    const thresholds = (end: string) =>
      new Set(found.filter(({ alarm_name }) => String(alarm_name).endsWith(end)).map(({ threshold }) => threshold));
    expect([thresholds('error-rate'), thresholds('latency')]).toEqual([new Set([1]), new Set([250])]);
    expect(other('preview-primary').resources('aws_cloudwatch_metric_alarm')).toEqual([]);
  });

  it("have the metrics of each route to go by, and API Gateway's own log without anybody's data", () => {
    expect(stack('envA-primary').resources('aws_api_gateway_method_settings')).toMatchObject([
      { method_path: '*/*', settings: { metrics_enabled: true, logging_level: 'ERROR', data_trace_enabled: false } },
    ]);
    const [http] = stack('envA-primary').resources('aws_apigatewayv2_stage');
    expect(http?.default_route_settings).toMatchObject({ detailed_metrics_enabled: true });
    const groups = stack('envA-primary')
      .resources('aws_cloudwatch_log_group')
      .map(({ name }) => String(name));
    expect(groups).toContainEqual(expect.stringMatching(/^API-Gateway-Execution-Logs_\$\{.+\}\/envA$/));
    const [rest] = stack('envA-primary').resources('aws_api_gateway_stage');
    expect(JSON.stringify(rest?.depends_on)).toContain('execution-log');
  });
});

describe('alarms of tables (S3.6)', () => {
  it('are on what operations use, by the requests that they make, and stay quiet while nothing is sent', () => {
    const actions = tableActions(operations);
    expect(actions.get('event-log')).toEqual(['PutItem', 'Query', 'Scan']);
    for (const table of actions.keys()) {
      expect(math(alarm('api-secondary', `data-${table}-throttles`))).toEqual({
        expression: 'FILL(reads, 0) + FILL(writes, 0)',
        metrics: { reads: 'Sum ReadThrottleEvents', writes: 'Sum WriteThrottleEvents' },
      });
      const replication = alarm('api-secondary', `data-${table}-replication`);
      // Alarms on DynamoDB's metrics do that whatever they are told.
      expect(replication).toMatchObject({ threshold: 180_000, treat_missing_data: 'ignore' });
      expect(replication.dimensions).toMatchObject({ ReceivingRegion: 'eu-central-1' });
    }
    const { expression } = math(alarm('api-primary', 'data-event-log-errors'));
    expect(expression).toBe('FILL(putItem, 0) + FILL(query, 0) + FILL(scan, 0)');
  });
});

describe('where alarms are sent (S3.6)', () => {
  it.each(['base-primary', 'base-secondary', 'observability'])(
    "%s has a topic with a key of its own, which CloudWatch may use for this account's alarms",
    (name) => {
      const { resources, dataSources } = stack(name);
      const [topic] = resources('aws_sns_topic');
      expect(topic?.kms_master_key_id).toMatch(/^\$\{aws_kms_key\./);
      expect(resources('aws_kms_key')).toMatchObject([{ enable_key_rotation: true }]);
      expect(resources('aws_sns_topic_subscription')).toMatchObject([
        { protocol: 'email', endpoint: expect.stringContaining('alarm_email') },
      ]);
      const statements = dataSources('aws_iam_policy_document').flatMap(({ statement }) => statement as Block[]);
      const mayBeUsedBy = (sid: string) => statements.filter((statement) => statement.sid === sid);
      expect(mayBeUsedBy('Alarms')).toHaveLength(2);
      for (const { principals, condition } of mayBeUsedBy('Alarms')) {
        expect(principals).toEqual([{ type: 'Service', identifiers: ['cloudwatch.amazonaws.com'] }]);
        expect(condition).toMatchObject([{ variable: 'aws:SourceAccount' }]);
      }
      expect(mayBeUsedBy('Events')).toHaveLength(2);
    },
  );
});
