import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AWAY_TEXT, readRoute, writeRoute } from '#contract/route-document.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('what a region says of the other one (S4.2, B6)', async () => {
  const stage = await synthesizeStage();

  it.each(['primary', 'secondary'])(
    'base-%s keeps it in a bucket of its own, of which everybody may read this one object',
    (region) => {
      const base = stage(`base-${region}`);
      const objects = base.resources('aws_s3_object');
      expect(objects).toMatchObject([{ key: 'route.json', content: '{"route":"home"}' }]);
      expect(objects[0]?.lifecycle).toMatchObject({ ignore_changes: expect.arrayContaining(['content', 'etag']) });
      const open = base
        .resources('aws_s3_bucket_public_access_block')
        .filter((block) => block.block_public_policy === false);
      expect(open).toMatchObject([
        { block_public_acls: true, ignore_public_acls: true, restrict_public_buckets: false },
      ]);
      expect(base.resources('aws_s3_bucket_public_access_block')).toHaveLength(3);
      const statements = base.dataSources('aws_iam_policy_document').flatMap(({ statement }) => statement);
      const toEverybody = statements.filter((each) => {
        const { effect, principals = [] } = each as { effect?: string; principals?: readonly { type: string }[] };
        return effect !== 'Deny' && principals.some(({ type }) => type === '*');
      });
      expect(toEverybody).toMatchObject([
        { actions: ['s3:GetObject'], resources: [expect.stringMatching(/\/route\.json$/)] },
      ]);
    },
  );

  it('routing asks for it inverted, so that a region that says nothing moves no traffic', () => {
    const checks = stage('routing').resources('aws_route53_health_check');
    const control = checks.filter(({ type }) => type === 'HTTPS_STR_MATCH');
    expect(control).toHaveLength(2);
    for (const check of control) {
      expect(check).toMatchObject({
        search_string: AWAY_TEXT,
        resource_path: '/route.json',
        invert_healthcheck: true,
        request_interval: 10,
        failure_threshold: 3,
        enable_sni: true,
      });
    }
    // Of each region the bucket of the other one.
    expect(control.map(({ fqdn, tags }) => [tags, fqdn])).toEqual([
      [
        { Name: 'two-region-api-dev-primary-control' },
        expect.stringMatching(/-route-eu-west-1-.*\.s3\.eu-west-1\.amazonaws\.com$/),
      ],
      [
        { Name: 'two-region-api-dev-secondary-control' },
        expect.stringMatching(/-route-eu-central-1-.*\.s3\.eu-central-1\.amazonaws\.com$/),
      ],
    ]);
  });

  it('a region is healthy while its own check and the other region allow it', () => {
    const checks = stage('routing').resources('aws_route53_health_check');
    const calculated = checks.filter(({ type }) => type === 'CALCULATED');
    expect(calculated.length).toBeGreaterThanOrEqual(2);
    for (const check of calculated) {
      expect(check).toMatchObject({ child_health_threshold: 2 });
      expect(check.child_healthchecks).toHaveLength(2);
    }
  });
});

describe('DNS_HEALTH_CHECK="relative" (S4.6)', async () => {
  const relative = await synthesizeStage('dev', { dnsHealthCheck: 'relative' });

  it('asks for data, and of a region two of three: its own check, that the other one is unhealthy, what the other one says', () => {
    const checks = relative('routing').resources('aws_route53_health_check');
    const endpoints = checks.filter(({ type }) => type === 'HTTPS');
    expect(endpoints.map(({ resource_path }) => resource_path).sort()).toEqual([
      ...Array(4).fill('/events/healthcheck'),
      ...Array(4).fill('/healthcheck'),
    ]);
    expect(endpoints.filter(({ invert_healthcheck }) => invert_healthcheck === true)).toHaveLength(4);
    const calculated = checks.filter(({ type }) => type === 'CALCULATED');
    expect(calculated.map(({ child_health_threshold }) => child_health_threshold)).toEqual([2, 2, 2, 2]);
    expect(calculated[0]?.child_healthchecks).toEqual([
      expect.stringContaining('primary-health'),
      expect.stringContaining('primary-control'),
      expect.stringContaining('primary-unless-secondary'),
    ]);
  });
});

describe('the object (B6)', () => {
  it('is read as it was written, and as nothing where something else wrote it', () => {
    const away = { route: 'away', since: '2026-01-02T03:04:05.000Z' } as const;
    expect(readRoute(writeRoute(away))).toEqual(away);
    expect(readRoute('{"route":"elsewhere"}')).toBeUndefined();
    expect(readRoute('<Error>')).toBeUndefined();
  });

  it('holds the text that is looked for exactly while traffic keeps away', () => {
    expect(writeRoute({ route: 'away' })).toContain(AWAY_TEXT);
    expect(writeRoute({ route: 'home', since: AWAY_TEXT })).not.toContain(AWAY_TEXT);
  });
});

describe('FAILBACK="manual" (B24)', async () => {
  const manual = await synthesizeStage('dev', { failback: 'manual' });
  const base = manual('base-secondary');

  it('the secondary region looks once a minute, and tells its alarms when traffic is held, or nobody looks', () => {
    expect(base.resources('aws_cloudwatch_event_rule')).toMatchObject([{ schedule_expression: 'rate(1 minute)' }]);
    expect(base.resources('aws_cloudwatch_event_target')).toHaveLength(1);
    expect(base.resources('aws_lambda_permission')).toMatchObject([
      { principal: 'events.amazonaws.com', source_arn: expect.stringContaining('aws_cloudwatch_event_rule.') },
    ]);
    expect(base.resources('aws_cloudwatch_metric_alarm')).toMatchObject([
      { metric_name: 'TrafficHeld', treat_missing_data: 'breaching', alarm_actions: [expect.any(String)] },
    ]);
  });

  it('its role may read and write the one object of its own region, and its log', () => {
    const granted = base
      .dataSources('aws_iam_policy_document')
      .flatMap(
        ({ statement }) => statement as readonly { actions: string[]; resources: string[]; principals?: unknown }[],
      )
      .filter(({ principals }) => principals === undefined);
    expect(granted).toEqual([
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [expect.stringMatching(/:\*$/)] },
      {
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [expect.stringMatching(/route-control.+\/route\.json$/)],
      },
    ]);
  });

  it('the primary region has nothing to hold, and with "automatic" neither has anybody', async () => {
    const automatic = await synthesizeStage('dev', { failback: 'automatic' });
    for (const stack of [manual('base-primary'), automatic('base-secondary')]) {
      expect(stack.resources('aws_lambda_function')).toEqual([]);
    }
  });
});

describe('ROUTE_AWAY (S4.6)', async () => {
  const stacks = {
    watch: await synthesizeStage('dev', { routeAway: 'watch' }),
    automatic: await synthesizeStage('dev', { routeAway: 'automatic' }),
  };
  const grantsOf = (mode: keyof typeof stacks) =>
    stacks[mode]('base-secondary')
      .dataSources('aws_iam_policy_document')
      .flatMap(
        ({ statement }) => statement as readonly { actions: string[]; resources: string[]; principals?: unknown }[],
      )
      .filter(({ actions, principals }) => principals === undefined && !actions.includes('logs:PutLogEvents'));

  it('asks the names of both regions, the public ones, and the primary region for what is sick, once a minute', () => {
    const [watched] = stacks.watch('base-secondary').resources('aws_lambda_function');
    expect(watched).toMatchObject({ function_name: 'two-region-api-dev-region-watch' });
    const { variables } = z.object({ variables: z.record(z.string(), z.string()) }).parse(watched?.environment);
    expect(variables).toMatchObject({
      MODE: 'watch',
      OTHER_REGION: 'eu-central-1',
      ALARM_NAME: 'two-region-api-dev-region-watch',
      SICK_ALARMS: '["two-region-api-dev-envA-sick","two-region-api-dev-envB-sick"]',
      OTHER_CHECKS: expect.stringMatching(
        /^\["https:\/\/eu-central-1\.\$\{.+\}\/healthcheck","https:\/\/eu-central-1\..+\/events\/healthcheck"\]$/,
      ),
      OWN_CHECKS: expect.stringContaining('https://eu-west-1.'),
      PUBLIC_CHECKS: expect.not.stringContaining('eu-'),
    });
  });

  it('counts by an alarm: three of five minutes, and silence is no illness', () => {
    expect(stacks.watch('base-secondary').resources('aws_cloudwatch_metric_alarm')).toMatchObject([
      {
        metric_name: 'OtherRegionIll',
        datapoints_to_alarm: 3,
        evaluation_periods: 5,
        treat_missing_data: 'notBreaching',
        alarm_actions: [expect.any(String)],
      },
    ]);
  });

  it('may write the route with "automatic" alone', () => {
    const alarms = { actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] };
    const route = [expect.stringMatching(/route\.json$/)];
    expect(grantsOf('watch')).toEqual([alarms, { actions: ['s3:GetObject'], resources: route }]);
    expect(grantsOf('automatic')).toEqual([alarms, { actions: ['s3:GetObject', 's3:PutObject'], resources: route }]);
  });

  it('is the secondary region\'s alone, and nobody\'s with "manual"', async () => {
    const manual = await synthesizeStage('dev', { routeAway: 'manual' });
    for (const stack of [stacks.automatic('base-primary'), manual('base-secondary')]) {
      expect(stack.resources('aws_lambda_function')).toEqual([]);
    }
  });
});
