import { describe, expect, it } from 'vitest';
import { httpAccessLogFormat } from '#constructs/http-api/access-log-format.ts';
import { restAccessLogFormat } from '#constructs/rest-api/access-log-format.ts';
import { operations } from '#contract/index.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

interface Widget {
  readonly type: string;
  readonly properties: { readonly title: string; readonly region?: string; readonly metrics?: readonly unknown[] };
}

describe('the stack over both regions (S3.6)', async () => {
  const of = await synthesizeStage();
  const stack = of('observability');
  const alarms = stack.resources('aws_cloudwatch_metric_alarm');
  const named = (name: string) => alarms.filter(({ alarm_name }) => alarm_name === `two-region-api-dev-${name}`);

  it('watches the health checks where Route 53 has their metrics, and tells of both regions (F12)', () => {
    expect(stack.parsed.provider.aws).toContainEqual(expect.objectContaining({ alias: 'health', region: 'us-east-1' }));
    for (const what of ['primary', 'events-primary', 'secondary', 'events-secondary']) {
      const [alarm] = named(`${what}-health`);
      expect(alarm).toMatchObject({
        provider: 'aws.health',
        namespace: 'AWS/Route53',
        metric_name: 'HealthCheckStatus',
        statistic: 'Minimum',
        comparison_operator: 'LessThanThreshold',
        threshold: 1,
      });
      expect(JSON.stringify(alarm?.dimensions)).toContain(`health_check${what}-region_`);
      expect(JSON.stringify(alarm?.alarm_actions)).toContain('health-alarms');
    }
    expect(stack.resources('aws_sns_topic')).toMatchObject([{ provider: 'aws.health' }]);
  });

  it('goes off in the region that not even health checks reach, whichever environment is live: silence is breaching', () => {
    const silent = named('silence');
    // The stack's own provider works in the secondary region.
    expect(silent.map(({ provider }) => provider)).toEqual(['aws.primary', 'aws']);
    for (const alarm of silent) {
      expect(alarm).toMatchObject({
        threshold: 1,
        comparison_operator: 'LessThanThreshold',
        treat_missing_data: 'breaching',
      });
      expect(alarm.metric_query).toContainEqual(
        expect.objectContaining({ expression: 'FILL(of_envA, 0) + FILL(of_envB, 0)' }),
      );
    }
  });

  it('waits for runs of readiness if settings say so: the last one decides, and none for so long is a failure (B26)', async () => {
    expect(alarms.filter(({ alarm_name }) => String(alarm_name).includes('readiness'))).toEqual([]);
    const { alarms: thresholds } = loadSettings('settings.conf');
    const waiting = await synthesizeStage('dev', { alarms: { ...thresholds, readinessHours: 26 } });
    const own = waiting('observability')
      .resources('aws_cloudwatch_metric_alarm')
      .filter(({ alarm_name }) => String(alarm_name).includes('readiness'));
    expect(own).toEqual([
      expect.objectContaining({
        alarm_name: 'two-region-api-dev-readiness',
        namespace: 'two-region-api-dev',
        metric_name: 'ReadinessFailed',
        statistic: 'Maximum',
        threshold: 0,
        evaluation_periods: 1,
        treat_missing_data: 'ignore',
      }),
      expect.objectContaining({
        alarm_name: 'two-region-api-dev-readiness-silence',
        statistic: 'SampleCount',
        period: 3600,
        evaluation_periods: 26,
        datapoints_to_alarm: 26,
        treat_missing_data: 'breaching',
        alarm_actions: [expect.stringContaining('alarm')],
      }),
    ]);
  });

  it("saves what one asks of each region's logs, over the groups that the stacks make (S3.7)", () => {
    const queries = stack.resources('aws_cloudwatch_query_definition');
    const made = ['api-primary', 'envA-primary', 'envB-primary', 'preview-primary'].flatMap((name) =>
      of(name)
        .resources('aws_cloudwatch_log_group')
        .map((group) => String(group.name)),
    );
    const ofPrimary = queries.filter(({ provider }) => String(provider).endsWith('primary'));
    expect(queries).toHaveLength(2 * ofPrimary.length);
    expect(new Set(ofPrimary.map(({ name }) => name)).size).toBe(ofPrimary.length);
    for (const { name, log_group_names: groups, query_string: text } of ofPrimary) {
      expect(name).toMatch(/^two-region-api-dev\/[a-z, ]+$/);
      expect(made).toEqual(expect.arrayContaining(groups as string[]));
      expect(
        String(text)
          .split('\n| ')
          .every((line) => /^(?:fields|filter|stats|sort|limit) /.test(line)),
      ).toBe(true);
    }
    // A field that no line has is no error for Logs Insights.
    const fields = new Set(
      [restAccessLogFormat, httpAccessLogFormat].flatMap((format) => Object.keys(JSON.parse(format))),
    );
    const texts = ofPrimary.map(({ query_string: text }) => String(text)).join('\n');
    const aliases = new Set([...texts.matchAll(/ as (\w+)/g)].map(([, alias]) => alias));
    const asked = [...texts.matchAll(/(?<![@\w])[a-z]+[A-Z]\w*/g)].map(([name]) => name);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !fields.has(name) && !aliases.has(name))).toEqual([]);
  });

  it('shows every route of the contract in both regions, side by side', () => {
    const [dashboard] = stack.resources('aws_cloudwatch_dashboard');
    const { widgets }: { widgets: readonly Widget[] } = JSON.parse(String(dashboard?.dashboard_body));
    for (const region of ['eu-central-1', 'eu-west-1']) {
      const titled = (end: string) =>
        widgets.find(({ properties }) => properties.title.includes(region) && properties.title.endsWith(`: ${end}`));
      for (const name of ['requests', '5xx', '4xx', 'latency p50, ms', 'latency p99, ms']) {
        const lines = JSON.stringify(titled(name)?.properties.metrics);
        for (const { method, path } of operations) expect(lines).toContain(`"envB ${method} ${path}"`);
        expect(titled(name)?.properties.region).toBe(region);
      }
      expect(JSON.stringify(titled('replication latency, ms'))).toContain('ReceivingRegion');
      expect(JSON.stringify(titled('versions'))).toContain('ExecutedVersion');
      expect(JSON.stringify(titled('alarms'))).toMatch(
        new RegExp(`cloudwatch:${region}:[^"]+:alarm:two-region-api-dev-envA-sick`),
      );
    }
    expect(widgets[0]?.properties).toMatchObject({ region: 'us-east-1' });
    expect(JSON.stringify(widgets[0])).toContain('HealthCheckStatus');
  });
});
