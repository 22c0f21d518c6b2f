import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionName, lockTableName, stateBucketName, stateReplicaName } from '../../stacks/naming.ts';
import { loadSettings } from '../../stacks/settings/index.ts';
import { clientSettings, prepareAccount } from './support/account.ts';
import { inOrder, reversed } from './support/in-order.ts';
import { bucketNames, type LiveEnvironment, leftovers, liveEnvironment, managedResources } from './support/live.ts';
import { Moto } from './support/moto.ts';
import { Synthesis } from './support/synthesis.ts';
import { type PlannedChange, Terraform } from './support/terraform.ts';
import { DOMAIN_STATUS, openStateBucket, transformForMoto } from './support/transformations.ts';
import { cdktf, twoRegion } from './support/two-region.ts';

const CONCURRENCY = 2;
// The lock hashes 700 MB of provider each time; `cdktf diff` shows once that it works.
const QUICK = ['--skip-synth', '--skip-provider-lock'];
const settings = loadSettings('settings.conf');
const [stage = ''] = settings.stages;
const [envA = '', envB = ''] = settings.apiEnvironments;
const regions = ['primary', 'secondary'] as const;
const regionNames = [settings.primaryRegion, settings.secondaryRegion];
const stateBucket = stateBucketName({ settings, stage });

let directory: string;
let outdir: string;
let moto: Moto;
let s3: S3Client;
let environment: NodeJS.ProcessEnv;
let terraform: Terraform;
let synthesis: Synthesis;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'two-region-terraform-'));
  outdir = join(directory, 'cdktf.out');
  await mkdir(join(directory, 'plugins'));
  moto = await Moto.start();
  s3 = new S3Client({ ...clientSettings(moto, settings.primaryRegion), forcePathStyle: true });
  environment = {
    ...moto.environment,
    STAGE: stage,
    TF_PLUGIN_CACHE_DIR: join(directory, 'plugins'),
    TF_IN_AUTOMATION: 'true',
  };
});
afterAll(async () => {
  await moto?.stop();
  await rm(directory, { recursive: true });
});

/** Works on both regions' stacks of one name at the same time. */
const inBothRegions = (name: string, work: (stack: string) => Promise<void>) =>
  Promise.all(regions.map((region) => work(`${stage}-${name}-${region}`)));
const live = (name: string) => Promise.all(regionNames.map((region) => liveEnvironment(moto, region, name)));
const raw = async (...args: string[]) => {
  const { exitCode, output } = await cdktf([...args, '--output', outdir, '--no-color'], environment);
  if (exitCode !== 0) throw new Error(`cdktf ${args.join(' ')} failed:\n${output}`);
  return stripVTControlCharacters(output);
};

describe.sequential('every stack of a stage in two regions, by the real provider', () => {
  it('starts from bootstrap and parameters, through the command line', async () => {
    const values = await prepareAccount(moto, settings);
    const bootstrapped = await twoRegion(['bootstrap', stage], { environment });
    expect(bootstrapped).toMatchObject({ exitCode: 0 });
    const put = await twoRegion(['params', 'put', stage, '--file', '-'], {
      environment,
      input: JSON.stringify(values),
    });
    expect(put).toMatchObject({ exitCode: 0 });
    console.log(`moto: ${await openStateBucket(s3, stateBucket)}\nmoto: ${DOMAIN_STATUS}`);
  });

  it('is listed and planned by raw cdktf as it is synthesized (S0.13)', async () => {
    const listed = await raw('list');
    for (const name of ['data', 'base-primary', `${envB}-secondary`, 'routing'])
      expect(listed).toContain(`${stage}-${name}`);
    const diff = await raw('diff', `${stage}-data`, '--skip-synth');
    expect(diff).toMatch(/Plan: 6 to add, 0 to change, 0 to destroy/);
  });

  it('initializes after what moto lacks was left out', async () => {
    synthesis = new Synthesis(outdir);
    terraform = new Terraform(synthesis.stacksFolder, environment);
    const lines = synthesis.stacks.flatMap(({ name }) => transformForMoto(synthesis.folder(name)));
    for (const line of new Set(lines)) console.log(`moto: ${line}`);
    // One by itself first: Terraform's plugin cache takes no two writers.
    await terraform.init(`${stage}-api-primary`);
    await inOrder(withoutOrder(), CONCURRENCY, (stack) => terraform.init(stack));
  });

  it('is valid; the secondary region’s stacks are of the same classes as the primary’s', async () => {
    const distinct = withoutOrder().filter(({ name }) => !name.endsWith('-secondary'));
    await inOrder(distinct, CONCURRENCY, (stack) => terraform.validate(stack));
  });

  it('applies in the order of dependencies, the data stack by raw cdktf deploy (S0.3, S0.8, S0.10)', async () => {
    await inOrder(synthesis.stacks, CONCURRENCY + 1, async (stack) => {
      if (stack === `${stage}-data`) await raw('deploy', stack, '--auto-approve', ...QUICK);
      else await terraform.apply(stack, synthesis.variables(stack, envA));
    });
    const counts = await managedResources(s3, stateBucket);
    expect(Object.keys(counts).sort()).toEqual(synthesis.stacks.map(({ name }) => `${stage}/${name}.tfstate`).sort());
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
  });

  it('has nothing to change when planned again', async () => {
    const changes: Record<string, readonly PlannedChange[]> = {};
    await inOrder(withoutOrder(), CONCURRENCY, async (stack) => {
      const plan = await terraform.plan(stack, synthesis.variables(stack, envA));
      if (plan.length > 0) changes[stack] = plan;
    });
    expect(changes).toEqual({});
  });

  describe('a changed function, deployed to the idle environment (S0.10, S0.13)', () => {
    const changed = functionName({ settings, stage }, 'test');
    let before: { readonly a: LiveEnvironment[]; readonly b: LiveEnvironment[] };

    it('publishes a version of that function alone, in both regions', async () => {
      before = { a: await live(envA), b: await live(envB) };
      await inBothRegions('api', async (stack) => {
        synthesis.changeCode(stack, 'test');
        await terraform.apply(stack);
      });
      await inBothRegions(envB, async (stack) => {
        synthesis.changeRestApi(stack);
        await terraform.apply(stack);
      });
      for (const [at, now] of (await live(envB)).entries()) {
        const then = before.b[at];
        expect(now.versions).toEqual({ ...then?.versions, [changed]: '2' });
        expect(then?.versions[changed]).toBe('1');
        expect(now.deploymentId).not.toBe(then?.deploymentId);
      }
    });

    it('leaves the aliases and deployments of the live environment as they were', async () => {
      expect(before.a[0]?.versions).toMatchObject({ [changed]: '1' });
      expect(before.a[0]?.deploymentId).toBeDefined();
      expect(await live(envA)).toEqual(before.a);
    });

    it('plans nothing for the live environment while its versions are pinned', async () => {
      await inBothRegions(envA, async (stack) => {
        const pinned = { function_versions: '{"test":"1"}' };
        expect(await terraform.plan(stack, pinned)).toEqual([]);
      });
    });
  });

  describe('another target_env (S0.12, S0.13)', () => {
    it('changes the mappings of both public names in each region, and nothing else', () =>
      inBothRegions('entry', async (stack) => {
        const plan = await terraform.plan(stack, { target_env: envB });
        expect(summary(plan)).toEqual([
          'aws_api_gateway_base_path_mapping update stage_name',
          'aws_apigatewayv2_api_mapping update stage',
        ]);
      }));

    it('changes the paths of the health checks, and nothing else', async () => {
      const plan = await terraform.plan(`${stage}-routing`, { target_env: envB });
      expect(summary(plan)).toEqual([
        'aws_route53_health_check update resource_path',
        'aws_route53_health_check update resource_path',
      ]);
    });

    it('is never assumed, and must be one of the environments', async () => {
      const missing = await terraform.failingPlan(`${stage}-entry-primary`);
      const wrong = await terraform.failingPlan(`${stage}-routing`, { target_env: 'envZ' });
      expect(missing).toMatch(/No value for required variable.+"target_env"/s);
      expect(wrong).toContain(`target_env must be one of ${envA}, ${envB}.`);
    });
  });

  it('is destroyed in reverse order, the data stack by raw cdktf destroy, and nothing is left', async () => {
    await inOrder(reversed(synthesis.stacks), CONCURRENCY + 1, async (stack) => {
      // By the time that its turn comes, the stacks that depend on it are gone.
      const alone = '--ignore-missing-stack-dependencies';
      if (stack === `${stage}-data`) await raw('destroy', stack, '--auto-approve', alone, ...QUICK);
      else await terraform.destroy(stack, synthesis.variables(stack, envA));
    });
    const counts = await managedResources(s3, stateBucket);
    expect(Object.values(counts).every((count) => count === 0)).toBe(true);
    expect((await bucketNames(s3)).sort()).toEqual([stateBucket, stateReplicaName({ settings, stage })]);
    for (const region of regionNames) {
      expect(await leftovers(moto, region)).toEqual([`table ${lockTableName({ settings, stage })}`]);
    }
  });
});

/** Stacks for what needs no order. */
function withoutOrder() {
  return synthesis.stacks.map(({ name }) => ({ name, dependencies: [] }));
}

/** `type action attributes` of each change. */
function summary(plan: readonly PlannedChange[]): string[] {
  return plan
    .map(({ address, actions, attributes }) => [address.split('.')[0], ...actions, ...attributes].join(' '))
    .sort();
}
