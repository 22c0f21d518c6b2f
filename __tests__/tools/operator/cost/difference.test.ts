import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { CostedResource } from '#operator/cost/costed-resources.ts';
import { readDeployedResources } from '#operator/cost/deployed-resources.ts';
import { describeCostDifference } from '#operator/cost/describe-difference.ts';
import { costChanges, estimate } from '#operator/cost/estimate.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { memoryStateStore } from '#tests/tools/operator/state/memory-store.ts';

const environments = { target: 'envA', environments: ['envA', 'envB', 'preview'] };
const usage = {
  aws_route53_record: { monthly_standard_queries: 1_000_000 },
  aws_lambda_function: { monthly_requests: 1_000_000, request_duration_ms: 1000 },
  aws_dynamodb_table: {
    monthly_write_request_units: 0,
    monthly_read_request_units: 0,
    storage_gb: 10,
    pitr_backup_storage_gb: 0,
  },
};
const price = (resources: readonly CostedResource[]) =>
  estimate({
    resources,
    usage,
    regions: { primary: 'eu-central-1', secondary: 'eu-west-1' },
    posture: 'warm-standby',
  });

const declared = (memory: number): readonly CostedResource[] => [
  {
    type: 'aws_lambda_function',
    name: 'user_function_1A',
    path: 'dev-api-primary/user/function',
    kind: 'api',
    regionType: 'primary',
    hasTraffic: true,
    config: { memory_size: memory, architectures: ['arm64'] },
  },
];

/** A state as Terraform writes it, of what is in it name → type and attributes. */
function stateOf(resources: readonly { mode?: string; type: string; name: string; attributes: object }[]): Uint8Array {
  const stored = resources.map(({ mode = 'managed', type, name, attributes }) => ({
    mode,
    type,
    name,
    instances: [{ schema_version: 0, attributes }],
  }));
  return new TextEncoder().encode(JSON.stringify({ version: 4, serial: 3, lineage: 'l', resources: stored }));
}

async function deployed() {
  const store = memoryStateStore(stateLocation(context, 'primary'));
  await store.write(
    'dev/dev-api-primary.tfstate',
    stateOf([
      {
        type: 'aws_lambda_function',
        name: 'user_function_1A',
        attributes: { memory_size: 512, architectures: ['arm64'], environment: [{ variables: { SECRET: 'x' } }] },
      },
      { mode: 'data', type: 'aws_dynamodb_table', name: 'other', attributes: { name: 'of-another-team' } },
    ]),
  );
  await store.write(
    'dev/dev-data.tfstate',
    stateOf([
      { type: 'aws_dynamodb_table', name: 'table-a_2B', attributes: { replica: [{ region_name: 'eu-west-1' }] } },
    ]),
  );
  return readDeployedResources(context, store, declared(1024), environments);
}

describe('what a deploy changes of the bill (B9)', () => {
  it('reads what is deployed out of the states, with the paths of what is declared, and nothing that only is read', async () => {
    expect(await deployed()).toMatchObject([
      { type: 'aws_lambda_function', path: 'dev-api-primary/user/function', kind: 'api', hasTraffic: true },
      { type: 'aws_dynamodb_table', path: 'dev-data/table-a/2B', kind: 'data', regionType: 'primary' },
    ]);
    const none = memoryStateStore(stateLocation(context, 'primary'));
    expect(await readDeployedResources(context, none, declared(512), environments)).toBeUndefined();
  });

  it('is twice the memory, and a table less, by hand', async () => {
    const before = price((await deployed()) ?? []);
    const changes = costChanges(before, price(declared(1024)));
    // 1,000,000 × 1 s × 0.5 GB × 0.0000133334 more; 10 GB in either region less, at 0.306 and 0.283.
    expect(changes.map(({ item, regionType, before: now, after }) => [item, regionType, after - now])).toEqual([
      ['lambda-arm', 'primary', expect.closeTo(6.6667, 3)],
      ['dynamodb-storage', 'primary', expect.closeTo(-3.06, 5)],
      ['dynamodb-storage', 'secondary', expect.closeTo(-2.83, 5)],
    ]);
    expect(costChanges(before, before)).toEqual([]);
  });

  it('counts no block that a state has empty: a formula is no metric, a record without an alias is asked', () => {
    const of = (type: string, config: object): CostedResource => ({
      type,
      name: 'x',
      path: 'dev-entry-primary/x',
      kind: 'entry',
      regionType: 'primary',
      hasTraffic: true,
      config: { ...config },
    });
    const metric = [{ metric_name: 'Errors' }];
    const declared = price([
      of('aws_cloudwatch_metric_alarm', { metric_query: [{ id: 'share' }, { id: 'e', metric }] }),
    ]);
    const stored = [
      { id: 'share', metric: [] },
      { id: 'e', metric },
    ];
    expect(price([of('aws_cloudwatch_metric_alarm', { metric_query: stored })])).toEqual(declared);
    expect(price([of('aws_route53_record', { alias: [] })])).toEqual(price([of('aws_route53_record', {})]));
  });

  it.each([
    { before: 10, after: 12.5, deployed: true, said: 'dev: $2.50 a month more after the next deploy: $10.00 → $12.50' },
    { before: 12.5, after: 10, deployed: true, said: 'dev: $2.50 a month less after the next deploy: $12.50 → $10.00' },
    { before: 0, after: 10, deployed: false, said: 'Nothing is deployed: all of it is new.' },
  ])('is told in words: from $before to $after', ({ said, ...amounts }) => {
    const change = { service: 'Lambda', item: 'lambda-arm', regionType: 'primary', region: 'eu-central-1' } as const;
    const report = { stage: 'dev', usage: 'low', pricedOn: '2026-08-16', warnings: [], ...amounts };
    const text = describeCostDifference({ ...report, changes: [{ ...change, ...amounts }] }, pc.createColors(false));
    expect(text).toContain(said);
    expect(text).toMatch(/Lambda +eu-central-1 +\$/);
  });

  it('is not asked for with a usage file to write', async () => {
    const { code, stderr } = await runHere(['cost', 'dev', '--diff', '--infracost', 'usage.yml']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--infracost')]);
  });
});
