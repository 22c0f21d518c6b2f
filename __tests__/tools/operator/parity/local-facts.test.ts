import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel, RegionModel } from '#local/model/model.ts';
import { describeRegion } from '#local/runtime/describe-regions.ts';
import { loadModel, type Synthesis } from '#local/runtime/load-model.ts';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import { compareRegions } from '#operator/parity/compare.ts';
import { localFacts } from '#operator/parity/local/local-facts.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { parameterPath } from '#stacks/naming.ts';
import { context, memoryStore, validValues } from '#tests/tools/operator/parameters/stores.ts';

const KEYS = ['the-new-key-of-a-rotation', 'the-old-key-of-a-rotation'];
let directory: string;
let synthesis: Synthesis;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-parity-'));
  const { parameters, ...rest } = await synthesizeStage({ directory: process.cwd(), stage: 'dev', outdir: directory });
  synthesis = { ...rest, parameters: { ...parameters, [parameterPath(context, 'api_key')]: KEYS.join(',') } };
});
afterAll(() => rm(directory, { recursive: true }));

function described({ regions: { primary, secondary } }: LocalModel) {
  const gateway = { url: '', failed: () => false };
  const running = { gateways: { rest: gateway, http: gateway }, services: {}, isHeld: () => false };
  const everywhere = (region: RegionModel) =>
    new Map(['envA', 'envB', 'preview'].map((name) => [name, { region, pinned: new Set<string>() }]));
  const describe = (region: RegionModel) => describeRegion(region, everywhere(region), running);
  return { regions: { primary: describe(primary), secondary: describe(secondary) } };
}

async function parity() {
  const facts = described((await loadModel(synthesis)).model);
  const [primary, secondary] = [memoryStore('eu-central-1', validValues), memoryStore('eu-west-1', validValues)];
  return compareRegions(
    await localFacts(context, facts, 'primary', primary),
    await localFacts(context, facts, 'secondary', secondary),
  );
}

describe('parity of the local runtime (B7)', () => {
  it('is there after a synthesis: what differs may', async () => {
    const { same, differences, allowed } = await parity();
    expect(differences).toEqual([]);
    expect(same).toBeGreaterThan(100);
    expect(new Set(allowed.map(({ kind }) => kind))).toEqual(new Set(['environment variable', 'role']));
  });

  it('is there although the secondary region alone has the function that holds traffic (B24)', async () => {
    const { regions } = described((await loadModel(synthesis)).model);
    const latch = { name: '/aws/lambda/two-region-api-dev-route-latch', retentionDays: 30 };
    const secondary = { ...regions.secondary, logGroups: [...regions.secondary.logGroups, latch] };
    const stores = [memoryStore('eu-central-1', validValues), memoryStore('eu-west-1', validValues)] as const;
    const facts = await Promise.all([
      localFacts(context, { regions }, 'primary', stores[0]),
      localFacts(context, { regions: { ...regions, secondary } }, 'secondary', stores[1]),
    ]);
    expect(compareRegions(...facts).differences).toEqual([]);
  });

  it('is lost where the Terraform of one region says something else', async () => {
    const file = synthesis.stacks.find(({ name }) => name === 'dev-api-secondary')?.file ?? '';
    const json = await readFile(file, 'utf8');
    const groups = JSON.parse(json).resource.aws_cloudwatch_log_group;
    const [name = ''] = Object.keys(groups);
    groups[name].retention_in_days = 1;
    const changed = JSON.parse(json);
    changed.resource.aws_cloudwatch_log_group = groups;
    await writeFile(file, JSON.stringify(changed));
    try {
      expect((await parity()).differences).toEqual([
        { kind: 'log retention', name: groups[name].name, primary: '30 days', secondary: '1 days' },
      ]);
    } finally {
      await writeFile(file, json);
    }
  });
});

describe('a rotation on the local runtime (S4.3)', () => {
  it('admits both keys in both regions, and shows them by fingerprint', async () => {
    const { model } = await loadModel(synthesis);
    for (const { usagePlans } of Object.values(model.regions)) {
      const plan = usagePlans.find(({ name }) => name === 'two-region-api-dev');
      expect(plan?.keys.map(({ value }) => value).sort()).toEqual(KEYS);
      expect(plan?.keys.map(({ name }) => name).sort()).toEqual(
        KEYS.map((key) => `two-region-api-dev-${fingerprint(key)}`).sort(),
      );
      expect(new Set(plan?.keys.map(({ id }) => id)).size).toBe(2);
    }
    const facts = await localFacts(context, described(model), 'primary', memoryStore('eu-central-1'));
    expect(JSON.stringify(facts)).not.toContain(KEYS[0]);
  });
});
