import { describe, expect, it } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { CustomDomain } from '#local/model/api-model.ts';
import { createLiveTarget } from '#local/target/live-target.ts';
import { TargetError } from '#local/target/target-error.ts';
import { findTargetParts } from '#local/target/target-parts.ts';
import { PUBLIC_NAME, twoRegions } from '#tests/tools/local/support/two-regions.ts';
import { stack } from '#tests/tools/local/terraform/stack-fixture.ts';

const targetEnv = {
  type: 'string',
  validation: [
    {
      condition: '${contains(["envA", "envB"], var.target_env)}',
      error_message: 'target_env must be one of envA, envB.',
    },
  ],
};

/** An entry as the stage's stacks have it, in one region. */
function entry(type: 'primary' | 'secondary', region: string) {
  return stack(
    {
      provider: { aws: [{ region }] },
      variable: { target_env: targetEnv },
      resource: {
        aws_api_gateway_domain_name: { domain: { domain_name: PUBLIC_NAME } },
        aws_api_gateway_base_path_mapping: {
          mapping: {
            domain_name: '${aws_api_gateway_domain_name.domain.domain_name}',
            api_id: `api${type}`,
            stage_name: '${var.target_env}',
          },
        },
      },
      output: { name: { value: '${aws_api_gateway_domain_name.domain.domain_name}' } },
    },
    `dev-entry-${type}`,
  );
}

const routing = stack(
  {
    variable: { target_env: targetEnv },
    data: {
      terraform_remote_state: {
        entry: {
          backend: 's3',
          config: { bucket: 'state', key: 'dev/dev-entry-secondary.tfstate', region: 'eu-central-1' },
        },
      },
    },
    resource: {
      aws_route53_health_check: {
        primary: {
          type: 'HTTPS',
          fqdn: '${data.terraform_remote_state.entry.outputs.name}',
          resource_path: '/${var.target_env}/healthcheck',
        },
      },
    },
  },
  'dev-routing',
);
/** Nothing of it can be evaluated: no part refers to it. */
const broken = stack({ resource: { aws_s3_bucket: { data: { bucket: '${aws_s3_bucket.missing.id}' } } } }, 'dev-data');

const stacks = [broken, entry('primary', 'eu-central-1'), entry('secondary', 'eu-west-1'), routing];
const parts = findTargetParts('dev', stacks, { variables: { target_env: 'envA' }, parameter: () => undefined });

function start() {
  const [check] = parts.evaluate('routing', parts.initial).healthChecks;
  const base = twoRegions('/nowhere');
  const model = { ...base, dns: { ...base.dns, healthChecks: check ? [check] : [] } };
  const log = new RuntimeLog();
  const failed = new Set<string>();
  const set: { region: string; domains: readonly CustomDomain[] }[] = [];
  const gateway = (region: string) => ({
    failed: () => failed.has(region),
    setDomains: (domains: readonly CustomDomain[]) => set.push({ region, domains }),
  });
  const updates: string[] = [];
  const target = createLiveTarget({
    model,
    parts,
    gateways: { primary: [gateway('primary'), gateway('primary')], secondary: [gateway('secondary')] },
    healthChecks: { update: (checks) => updates.push(checks.map(({ resourcePath }) => resourcePath).join()) },
    log,
  });
  return { target, set, updates, log, failed };
}

describe('S0.12: the target of a running stage', () => {
  it('is that of the parts which declare the variable, named without the stage', () => {
    expect(parts.initial).toEqual({ 'entry-primary': 'envA', 'entry-secondary': 'envA', routing: 'envA' });
  });

  it('moves the domains of one region in each of its gateways, and nothing of the other', () => {
    const { target, set, log } = start();
    target.move('entry-primary', 'envB');
    expect(set.map(({ region }) => region)).toEqual(['primary', 'primary']);
    expect(set[0]?.domains).toMatchObject([
      { domainName: PUBLIC_NAME, mappings: [{ apiId: 'apiprimary', stage: 'envB' }] },
    ]);
    expect(target.targets()).toEqual({ 'entry-primary': 'envB', 'entry-secondary': 'envA', routing: 'envA' });
    expect(target.model().regions.secondary.domains).toMatchObject([{ mappings: [{ stage: 'envA' }] }]);
    expect(log.query(() => true)).toMatchObject([
      { kind: 'control', action: 'move', part: 'entry-primary', from: 'envA', to: 'envB' },
    ]);
  });

  it('moves the paths of the health checks', () => {
    const { target, set, updates } = start();
    target.move('routing', 'envB');
    expect(updates).toEqual(['/envB/healthcheck']);
    expect(set).toEqual([]);
  });

  it('moves there and back, and does nothing where a part leads already', () => {
    const { target, set, updates } = start();
    target.move('entry-secondary', 'envB');
    target.move('entry-secondary', 'envB');
    target.move('entry-secondary', 'envA');
    expect(set.map(({ domains }) => domains[0]?.mappings[0]?.stage)).toEqual(['envB', 'envA']);
    expect(updates).toHaveLength(2);
  });

  it.each([
    ['entry', 'envB', 'unknown', 'got the part "entry", allowed: entry-primary, entry-secondary, routing.'],
    ['constructor', 'envB', 'unknown', 'allowed: entry-primary'],
    ['routing', 'envC', 'invalid', 'target_env must be one of envA, envB.'],
    ['entry-primary', 'preview', 'invalid', 'dev-entry-primary: var.target_env: got "preview"'],
    ['entry-secondary', 'envB', 'unavailable', 'First: two-region local recover secondary'],
  ])('refuses to move %s to %s, and changes nothing: %s', (part, environment, reason, message) => {
    const { target, set, updates, log, failed } = start();
    failed.add('secondary');
    const error = thrownBy(() => target.move(part, environment));
    expect(error).toBeInstanceOf(TargetError);
    expect(error).toMatchObject({ reason, message: expect.stringContaining(message) });
    expect([set, updates, log.query(() => true)]).toEqual([[], [], []]);
    expect(target.targets()).toEqual(parts.initial);
  });
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
