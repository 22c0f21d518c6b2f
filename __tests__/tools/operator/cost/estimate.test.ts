import { describe, expect, it } from 'vitest';
import type { CostedResource } from '#operator/cost/costed-resources.ts';
import { type EstimateInput, estimate } from '#operator/cost/estimate.ts';
import type { RegionType } from '#stacks/context.ts';

const REGIONS = { primary: 'eu-central-1', secondary: 'eu-west-1' } as const;

function resource(
  type: string,
  options: { readonly in?: RegionType; readonly path?: string; readonly kind?: string; readonly config?: object } = {},
): CostedResource {
  const regionType = options.in ?? 'primary';
  const { kind = 'api', path = `dev-${kind}-${regionType}/x`, config = {} } = options;
  return { type, name: 'x', path, kind, regionType, hasTraffic: true, config: { ...config } };
}

function bill(resources: readonly CostedResource[], rest: Partial<EstimateInput> = {}) {
  const { dollars, lines, unpriced } = estimate({
    resources,
    usage: {},
    regions: REGIONS,
    posture: 'warm-standby',
    ...rest,
  });
  return {
    dollars,
    unpriced,
    lines: Object.fromEntries(lines.map((line) => [`${line.regionType} ${line.item}`, line])),
  };
}

describe('the monthly cost (S3.11, B9), beside bills worked out by hand', () => {
  it('of a function: 10 million requests of 60 ms in 256 MB on arm64', () => {
    const config = { memory_size: 256, architectures: ['arm64'] };
    const usage = { aws_lambda_function: { monthly_requests: 10_000_000, request_duration_ms: 60 } };
    // 10 × 0.20 + 10,000,000 × 0.06 s × 0.25 GB × 0.0000133334
    expect(bill([resource('aws_lambda_function', { config })], { usage }).dollars).toBeCloseTo(2 + 2.00001, 4);
  });

  it('of the container API: tasks by their size, its load balancer, and health checks that ask neither gateway (S3.13)', () => {
    const config = { desired_count: 2, cpu: 256, memory: 512 };
    const service = resource('aws_ecs_service', { kind: 'container', config });
    // 2 × 730 h × (0.25 × 0.03725 + 0.5 × 0.00409)
    expect(bill([service]).dollars).toBeCloseTo(16.5817, 3);
    const check = { type: 'HTTPS', request_interval: 10 };
    const api = resource('aws_api_gateway_rest_api');
    const asked = (path: string) =>
      bill([api, resource('aws_route53_health_check', { path, config: check })]).lines['primary rest-request']?.dollars;
    expect(asked('dev-routing/container-primary-health/health-check')).toBeUndefined();
    expect(asked('dev-routing/primary-health/health-check')).toBeGreaterThan(10);
  });

  it('of traces: so many of each second, a part of the others, health checks of the HTTP API among its own (S3.7)', () => {
    const rule = (url_path: string) =>
      resource('aws_xray_sampling_rule', { config: { reservoir_size: 1, fixed_rate: 0.05, url_path } });
    const usage = {
      aws_api_gateway_rest_api: { monthly_requests: 10_000_000 },
      aws_apigatewayv2_api: { monthly_requests: 1_000_000, request_size_kb: 1 },
    };
    // 2,628,000 s: as many, and 5 % of 7,372,000; of the HTTP API all, as they are fewer: 3,996,600 × 5 $ a million.
    expect(bill([rule('*')], { usage }).dollars).toBeCloseTo(19.983, 4);
    expect(bill([rule('*/healthcheck')], { usage })).toMatchObject({ dollars: 0, unpriced: {} });
  });

  it('of what looks for a failover: once a minute, and by no client', () => {
    const config = { memory_size: 256, architectures: ['arm64'] };
    const latch = resource('aws_lambda_function', { path: 'dev-base-secondary/route-latch/function', config });
    const usage = { aws_lambda_function: { monthly_requests: 10_000_000, request_duration_ms: 60 } };
    // 43,800 × 0.20 / 1,000,000 + 43,800 × 0.1 s × 0.25 GB × 0.0000133334
    expect(bill([latch], { usage }).dollars).toBeCloseTo(0.00876 + 0.0146, 4);
  });

  it('of the heartbeat: its table by beats, and not by what clients read and write (B26)', () => {
    const table = resource('aws_dynamodb_table', { path: 'dev-data/heartbeat/table', config: { replica: [{}] } });
    const used = { monthly_write_request_units: 4_000_000, monthly_read_request_units: 1, pitr_backup_storage_gb: 20 };
    const usage = { aws_dynamodb_table: { ...used, storage_gb: 20 } };
    const { lines } = bill([table], { usage });
    // Each copy takes the 43,800 beats of either region.
    expect(lines['primary dynamodb-write']?.dollars).toBeCloseTo(0.0876 * 0.7625, 5);
    expect(lines['secondary dynamodb-write']?.dollars).toBeCloseTo(0.0876 * 0.705, 5);
    expect(lines['primary dynamodb-storage']).toBeUndefined();
  });

  it("of the contract's journeys: what is asked of the APIs of both regions, by how often (B26)", () => {
    const path = 'dev-base-primary/journeys/schedule';
    const { lines } = bill([
      resource('aws_cloudwatch_event_rule', { path, config: { schedule_expression: 'rate(5 minutes)' } }),
      resource('aws_cloudwatch_event_rule', { path: path.replace('journeys', 'heartbeat') }),
      resource('aws_lambda_function', { path: path.replace('schedule', 'function') }),
    ]);
    // 8,760 runs of three steps of the REST API and two of the HTTP API at three names.
    expect(lines['primary rest-request']?.dollars).toBeCloseTo(((8760 * 9) / 1e6) * 3.7, 5);
    expect(lines['primary http-request']?.quantity).toBeCloseTo((8760 * 6) / 1e6, 8);
    expect(lines['primary lambda-request']?.quantity).toBeCloseTo((8760 * 16) / 1e6, 8);
  });

  it('of a global table: each copy takes every write, one region the reads', () => {
    const table = resource('aws_dynamodb_table', { kind: 'data', config: { replica: [{ region_name: 'eu-west-1' }] } });
    const usage = {
      aws_dynamodb_table: {
        monthly_write_request_units: 4_000_000,
        monthly_read_request_units: 10_000_000,
        storage_gb: 20,
        pitr_backup_storage_gb: 20,
      },
    };
    const { lines, dollars } = bill([table], { usage });
    expect(lines['primary dynamodb-write']?.dollars).toBeCloseTo(4 * 0.7625);
    expect(lines['secondary dynamodb-write']?.dollars).toBeCloseTo(4 * 0.705);
    expect(lines['primary dynamodb-read']?.dollars).toBeCloseTo(10 * 0.1525);
    expect(lines['secondary dynamodb-read']).toBeUndefined();
    expect(dollars).toBeCloseTo(4 * (0.7625 + 0.705) + 10 * 0.1525 + 20 * (0.306 + 0.2448 + 0.283 + 0.22));
    expect(bill([table], { usage, posture: 'one-region' }).dollars).toBeCloseTo(
      4 * 0.7625 + 10 * 0.1525 + 20 * (0.306 + 0.2448),
    );
  });

  it('of objects that are copied to the other region within 15 minutes (B16)', () => {
    const rules = ['primary', 'secondary'].map((of) =>
      resource('aws_s3_bucket_replication_configuration', {
        kind: 'data',
        path: `dev-data/objects-of-${of}/configuration`,
      }),
    );
    const standard = { storage_gb: 100, monthly_tier_1_requests: 1_000_000, monthly_tier_2_requests: 1 };
    const usage = { aws_s3_bucket: { standard } };
    // 100 GB there within the time, a copy of them and of every PUT, and 4 metrics in either direction
    const there = 100 * (0.015 + 0.02 + 0.023) + 1000 * 0.005;
    expect(bill(rules, { usage }).dollars).toBeCloseTo(there + 8 * 0.3);
    const both = bill(rules, { usage, posture: 'both-active' });
    expect(both.lines['primary s3-storage']?.dollars).toBeCloseTo(50 * 0.0245);
    expect(both.lines['secondary s3-storage']?.dollars).toBeCloseTo(50 * 0.023);
    expect(bill(rules, { usage, posture: 'one-region' }).dollars).toBe(0);
  });

  it('of a health check of an AWS endpoint: HTTPS, 10 s, latency graph 3.50, and the requests that it makes', () => {
    const config = { type: 'HTTPS', request_interval: 10, measure_latency: true };
    const check = resource('aws_route53_health_check', {
      kind: 'routing',
      path: 'dev-routing/primary-health/x',
      config,
    });
    expect(bill([check]).dollars).toBeCloseTo(3.5);
    const { lines } = bill([check, resource('aws_api_gateway_rest_api')]);
    expect(lines['primary rest-request']?.quantity).toBeCloseTo((1.6 * 730 * 3600) / 1e6);
    const ofEvents = { ...check, path: 'dev-routing/events-secondary-health/x' };
    const http = bill([ofEvents, resource('aws_apigatewayv2_api', { in: 'secondary' })]);
    expect(http.lines['secondary http-request']?.quantity).toBeCloseTo((1.6 * 730 * 3600) / 1e6);
  });

  it('of an alarm over two metrics, of one over a metric that functions write, of a web ACL with three rules', () => {
    const alarm = { metric_query: [{ metric: {} }, { metric: {} }, { expression: 'a/b' }] };
    expect(bill([resource('aws_cloudwatch_metric_alarm', { config: alarm })]).dollars).toBeCloseTo(0.2);
    const own = { namespace: 'two-region-api-dev', metric_name: 'HeartbeatAge' };
    expect(bill([resource('aws_cloudwatch_metric_alarm', { config: own })]).dollars).toBeCloseTo(0.1 + 0.3);
    const ofLambda = { namespace: 'AWS/Lambda', metric_name: 'Errors' };
    expect(bill([resource('aws_cloudwatch_metric_alarm', { config: ofLambda })]).dollars).toBeCloseTo(0.1);
    const acl = resource('aws_wafv2_web_acl', { kind: 'base', config: { rule: [{}, {}, {}] } });
    expect(bill([acl]).dollars).toBeCloseTo(8);
  });

  it('halves the requests of a region where both are active, each at its own price', () => {
    const apis = [resource('aws_apigatewayv2_api'), resource('aws_apigatewayv2_api', { in: 'secondary' })];
    const usage = { aws_apigatewayv2_api: { monthly_requests: 100_000_000, request_size_kb: 1 } };
    expect(bill(apis, { usage }).dollars).toBeCloseTo(100 * 1.2);
    expect(bill(apis, { usage, posture: 'both-active' }).dollars).toBeCloseTo(50 * 1.2 + 50 * 1.11);
  });

  it('names the types that no price is known for, and counts them for nothing', () => {
    const { dollars, unpriced } = bill([resource('aws_quantum_computer'), resource('aws_iam_role')]);
    expect([dollars, unpriced]).toEqual([0, { aws_quantum_computer: 1 }]);
  });

  it('charges what leaves a region once: CloudFront for what leaves it, nobody for the way to it', () => {
    const usage = {
      aws_data_transfer: { monthly_outbound_internet_gb: 100 },
      aws_cloudfront_distribution: {
        monthly_https_requests: { europe: 1_000_000 },
        monthly_data_transfer_to_internet_gb: { europe: 100 },
      },
    };
    expect(bill([], { usage }).dollars).toBeCloseTo(9);
    expect(bill([], { usage, extras: ['edge'] }).dollars).toBeCloseTo(1.2 + 8.5);
    // What stands beside a distribution costs nothing of its own; its logs are their group's.
    const beside = ['aws_cloudfront_cache_policy', 'aws_cloudwatch_log_delivery', 'aws_cloudwatch_log_delivery_source'];
    expect(bill(beside.map((type) => resource(type, { kind: 'edge' }))).unpriced).toEqual({});
  });
});
