import { beforeAll, describe, expect, it } from 'vitest';
import { loadSettings, type Settings } from '#stacks/settings/index.ts';
import { type SynthesizedStack, synthesizeStage } from '#tests/support/synthesized-stage.ts';

const shipped = loadSettings('settings.conf');
const container = { ...shipped.container, isActive: true };
const parameters = [...shipped.parameters, 'container_domain_name', 'container_image'];

const withContainer = (changes: Partial<Settings['container']> = {}, stage = 'dev') =>
  synthesizeStage(stage, { container: { ...container, ...changes }, parameters });

/** What a resource refers to, without the numbers that cdktf gives. */
const plain = (value: unknown) => JSON.stringify(value).replaceAll(/_[0-9A-F]{8}\b/g, '');

describe('the container API of a region (S3.13)', () => {
  let stack: (name: string) => SynthesizedStack;
  beforeAll(async () => {
    stack = await withContainer();
  });

  it('is off unless settings say otherwise: no stack, nothing in the others', async () => {
    const shippedStage = await synthesizeStage();
    expect(() => shippedStage('container-primary')).toThrow('No stack');
    for (const name of ['base-primary', 'certificates', 'routing', 'observability']) {
      expect(shippedStage(name).json).not.toContain('dev-container');
    }
  });

  it('is the same in both regions, but for the region', () => {
    const types = (name: string) =>
      Object.entries(JSON.parse(stack(name).json).resource).map(([type, all]) => [type, Object.keys(all ?? {})]);
    expect(types('container-secondary')).toEqual(types('container-primary'));
  });

  it('has public and private subnets in three zones, and no way out of the private ones', () => {
    const primary = stack('container-primary');
    const subnets = primary.resources('aws_subnet');
    expect(subnets).toHaveLength(6);
    const zones = subnets.map(({ availability_zone }) => String(availability_zone));
    expect(new Set(zones.map((zone) => zone.slice(-3))).size).toBe(3);
    expect(subnets.some(({ map_public_ip_on_launch }) => map_public_ip_on_launch)).toBe(false);
    // The one route leads from the public subnets to the internet.
    expect(primary.resources('aws_route')).toMatchObject([{ destination_cidr_block: '0.0.0.0/0' }]);
    expect(primary.resources('aws_nat_gateway')).toEqual([]);
    expect(primary.resources('aws_default_security_group')[0]).not.toHaveProperty('ingress');
    const cidrs = ['primary', 'secondary'].map(
      (each) => stack(`container-${each}`).resources('aws_vpc')[0]?.cidr_block,
    );
    expect(new Set(cidrs).size).toBe(2);
  });

  it.each([
    ['one', 1],
    ['per-zone', 3],
  ] as const)('has NAT by setting: %s', async (nat, gateways) => {
    const primary = (await withContainer({ nat }))('container-primary');
    expect(primary.resources('aws_nat_gateway')).toHaveLength(gateways);
    expect(primary.resources('aws_eip')).toHaveLength(gateways);
    const privateRoutes = primary.resources('aws_route').filter(({ nat_gateway_id }) => nat_gateway_id !== undefined);
    expect(privateRoutes).toHaveLength(3);
    expect(new Set(privateRoutes.map((route) => route.nat_gateway_id)).size).toBe(gateways);
  });

  it('starts and serves without NAT, by endpoints', () => {
    const endpoints = stack('container-secondary').resources('aws_vpc_endpoint');
    expect(endpoints.map(({ service_name, vpc_endpoint_type }) => `${vpc_endpoint_type} ${service_name}`)).toEqual([
      'Gateway com.amazonaws.eu-west-1.dynamodb',
      'Interface com.amazonaws.eu-west-1.ecr.api',
      'Interface com.amazonaws.eu-west-1.ecr.dkr',
      'Interface com.amazonaws.eu-west-1.logs',
      'Gateway com.amazonaws.eu-west-1.s3',
      'Interface com.amazonaws.eu-west-1.ssm',
    ]);
    const byAddress = endpoints.filter(({ vpc_endpoint_type }) => vpc_endpoint_type === 'Interface');
    for (const { private_dns_enabled } of byAddress) expect(private_dns_enabled).toBe(true);
  });

  it('stands behind a load balancer that takes TLS 1.2 or newer, keeps no connection long, and logs', async () => {
    const primary = stack('container-primary');
    const [balancer] = primary.resources('aws_lb');
    expect(balancer).toMatchObject({
      client_keep_alive: 60,
      drop_invalid_header_fields: true,
      enable_deletion_protection: false,
      access_logs: { enabled: true },
    });
    const [redirect, production, test] = ['80', '443', '8443'].map((port) =>
      primary.resources('aws_lb_listener').find((listener) => String(listener.port) === port),
    );
    expect(redirect).toMatchObject({
      default_action: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', status_code: 'HTTP_301' } }],
    });
    for (const listener of [production, test]) {
      expect(listener).toMatchObject({
        protocol: 'HTTPS',
        ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
        lifecycle: { ignore_changes: ['default_action'] },
      });
    }
    expect(plain(production?.default_action)).toContain('aws_lb_target_group.balancer_blue');
    expect(plain(test?.default_action)).toContain('aws_lb_target_group.balancer_green');
    expect(primary.resources('aws_lb_listener_certificate')).toHaveLength(2);
    expect(plain(primary.resources('aws_wafv2_web_acl_association'))).toContain('aws_lb.balancer');
    const policies = primary.dataSources('aws_iam_policy_document').map((document) => JSON.stringify(document));
    expect(policies.find((text) => text.includes('WriteAccessLogs'))).toContain(
      'logdelivery.elasticloadbalancing.amazonaws.com',
    );
    const protectedStage = await withContainer({}, 'prod');
    expect(protectedStage('container-primary').resources('aws_lb')).toMatchObject([
      { enable_deletion_protection: true },
    ]);
  });

  it('asks each task whether it is there, not whether others are, and gives it 30 s to finish', () => {
    const groups = stack('container-primary').resources('aws_lb_target_group');
    expect(groups).toHaveLength(2);
    for (const group of groups) {
      expect(group).toMatchObject({
        deregistration_delay: '30',
        target_type: 'ip',
        health_check: { path: '/healthcheck?shallow=true', healthy_threshold: 2, unhealthy_threshold: 3 },
      });
    }
  });

  it('runs on ARM without a writable root, by the digest of an image, and is told names and no secret', () => {
    const [definition] = stack('container-primary').resources('aws_ecs_task_definition');
    expect(definition).toMatchObject({
      cpu: '256',
      memory: '512',
      network_mode: 'awsvpc',
      runtime_platform: { cpu_architecture: 'ARM64' },
      skip_destroy: true,
    });
    const text = String(definition?.container_definitions);
    expect(text).toContain('"readonlyRootFilesystem":true');
    expect(text).toMatch(
      /repository_url.*@\$\{nonsensitive\(data\.aws_ssm_parameter\.parameter-container_image\.value\)\}/,
    );
    expect(text).toContain('"/two-region-api/dev/api_key"');
    // It is JSON whatever the references come to: a value with quotes among them, too.
    const [{ environment }] = JSON.parse(text);
    const variables = new Map(environment.map((each: { name: string; value: string }) => [each.name, each.value]));
    expect(JSON.parse(String(variables.get('CORS')))).toMatchObject({ origins: ['*'], maxAgeSeconds: 3600 });
    expect(stack('container-primary').json).not.toContain('parameter-api_key');
    for (const name of ['CORS', 'REPLACEMENT_MAP_PARAMETER', 'API_KEYS_PARAMETER', 'API_ENVIRONMENT'])
      expect(text).toContain(name);
  });

  it("lets a task do what its operations declare, and ECS pull the region's image and write its log", () => {
    const documents = stack('container-primary').dataSources('aws_iam_policy_document');
    const actionsOf = (part: string) =>
      documents
        .filter((document) => JSON.stringify(document).includes(part))
        .flatMap(({ statement }) => (statement as { actions: string[]; resources: string[] }[]).map((each) => each));
    const task = actionsOf('ssm:GetParameter');
    expect(task.flatMap(({ actions }) => actions).filter((action) => /\*/.test(action))).toEqual([]);
    expect(task.every(({ resources }) => resources.every((resource) => resource !== '*'))).toBe(true);
    const execution = actionsOf('ecr:BatchGetImage');
    expect(execution.filter(({ resources }) => resources.includes('*')).flatMap(({ actions }) => actions)).toEqual([
      'ecr:GetAuthorizationToken',
    ]);
    const [passes] = actionsOf('iam:PassRole').filter(({ actions }) => actions.includes('iam:PassRole'));
    expect(passes?.resources).toHaveLength(2);
    expect(passes).toMatchObject({ condition: [{ values: ['ecs-tasks.amazonaws.com'] }] });
  });

  it('leaves what runs, how much of it and where traffic goes to CodeDeploy and autoscaling', () => {
    expect(stack('container-primary').resources('aws_ecs_service')).toMatchObject([
      {
        deployment_controller: { type: 'CODE_DEPLOY' },
        launch_type: 'FARGATE',
        lifecycle: { ignore_changes: ['desired_count', 'load_balancer', 'task_definition'] },
        network_configuration: { assign_public_ip: false },
      },
    ]);
  });

  it('gets another image by blue and green, told when to go on, with a way back', async () => {
    const [group] = stack('container-primary').resources('aws_codedeploy_deployment_group');
    expect(group).toMatchObject({
      deployment_config_name: 'CodeDeployDefault.ECSAllAtOnce',
      deployment_style: { deployment_option: 'WITH_TRAFFIC_CONTROL', deployment_type: 'BLUE_GREEN' },
      blue_green_deployment_config: {
        deployment_ready_option: { action_on_timeout: 'STOP_DEPLOYMENT', wait_time_in_minutes: 2880 },
        terminate_blue_instances_on_deployment_success: { action: 'TERMINATE', termination_wait_time_in_minutes: 60 },
      },
      auto_rollback_configuration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
      alarm_configuration: {
        enabled: true,
        alarms: ['5xx-rate', 'latency', 'no-task'].map((what) => `two-region-api-dev-container-${what}`),
      },
    });
    expect(plain(group?.load_balancer_info)).toContain('aws_lb_listener.balancer_test');
    const canary = await withContainer({ shift: 'canary', keepMinutes: 5 });
    expect(canary('container-primary').resources('aws_codedeploy_deployment_group')).toMatchObject([
      { deployment_config_name: 'CodeDeployDefault.ECSCanary10Percent5Minutes' },
    ]);
  });

  it('has as many tasks as keep processor and memory at 70 %', () => {
    const primary = stack('container-primary');
    expect(primary.resources('aws_appautoscaling_target')).toMatchObject([{ min_capacity: 2, max_capacity: 10 }]);
    const policies = primary.resources('aws_appautoscaling_policy');
    expect(policies.map((policy) => policy.target_tracking_scaling_policy_configuration)).toEqual(
      ['CPU', 'Memory'].map((what) => ({
        target_value: 70,
        predefined_metric_specification: { predefined_metric_type: `ECSServiceAverage${what}Utilization` },
      })),
    );
  });

  it('has its images in each region, before its stack: tags that stay, scanned, none with a tag expired', () => {
    for (const name of ['base-primary', 'base-secondary']) {
      expect(stack(name).resources('aws_ecr_repository')).toMatchObject([
        {
          name: 'two-region-api-dev-container',
          image_tag_mutability: 'IMMUTABLE',
          image_scanning_configuration: { scan_on_push: true },
        },
      ]);
      const policies = stack(name).resources('aws_ecr_lifecycle_policy');
      const rules = policies.flatMap(({ policy }) => JSON.parse(String(policy)).rules);
      // An image that serves has a tag, and may be the oldest of all.
      expect(rules).toMatchObject([{ selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan' } }]);
    }
  });

  it('is sick with errors, latency, or no task, and its alarms are watched by people', () => {
    const primary = stack('container-primary');
    const [sick] = primary.resources('aws_cloudwatch_composite_alarm');
    expect(sick).toMatchObject({ alarm_name: 'two-region-api-dev-container-sick' });
    for (const what of ['5xx-rate', 'latency', 'no-task']) {
      expect(sick?.alarm_rule).toContain(`ALARM("two-region-api-dev-container-${what}")`);
    }
    const missing = primary
      .resources('aws_cloudwatch_metric_alarm')
      .map((alarm) => [alarm.alarm_name, alarm.treat_missing_data]);
    expect(Object.fromEntries(missing)['two-region-api-dev-container-no-task']).toBe('breaching');
    const dashboards = stack('observability').resources('aws_cloudwatch_dashboard');
    expect(dashboards.map(({ dashboard_name }) => dashboard_name)).toEqual([
      'two-region-api-dev-container',
      'two-region-api-dev',
    ]);
  });

  it('fails over by its own name, with the checks that the APIs have', () => {
    const routing = stack('routing');
    const records = routing.resources('aws_route53_record').filter((record) => plain(record).includes('container'));
    expect(records).toHaveLength(8);
    const failover = records.filter(({ failover_routing_policy }) => failover_routing_policy !== undefined);
    expect(failover).toHaveLength(4);
    const checks = routing
      .resources('aws_route53_health_check')
      .filter((check) => plain(check.tags).includes('container'));
    expect(checks.map(({ type }) => type)).toEqual(['HTTPS', 'CALCULATED', 'HTTPS', 'CALCULATED']);
    expect(checks[0]).toMatchObject({ resource_path: '/healthcheck?shallow=true', request_interval: 10 });
    const certificates = stack('certificates').resources('aws_acm_certificate');
    expect(certificates).toHaveLength(8);
  });

  it('is asked by its clients directly while the APIs are behind an edge that is the only way to them', async () => {
    const edge = { ...shipped.edge, state: 'active', bypass: 'closed' } as const;
    const both = await synthesizeStage('dev', {
      container,
      edge,
      parameters: [...parameters, 'certificate_arn_edge', 'edge_secret'],
    });
    const [acl] = both('container-primary').resources('aws_wafv2_web_acl');
    expect(acl).toMatchObject({ name: 'two-region-api-dev-container' });
    expect(JSON.stringify(acl)).not.toContain('edge_secret');
    expect(acl).toMatchObject({
      rule: [
        {
          statement: {
            rate_based_statement: {
              scope_down_statement: {
                not_statement: {
                  statement: {
                    byte_match_statement: { positional_constraint: 'EXACTLY', search_string: '/healthcheck' },
                  },
                },
              },
            },
          },
        },
        {},
        {},
      ],
    });
    expect(plain(both('container-primary').resources('aws_wafv2_web_acl_association'))).toContain(
      'aws_wafv2_web_acl.web-acl',
    );
    const records = both('routing').resources('aws_route53_record');
    const ofContainer = records.filter((record) => plain(record.alias).includes('dev-container'));
    expect(ofContainer).toHaveLength(8);
    expect(plain(ofContainer)).not.toContain('dev-edge');
  });
});
