import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteBucketCommand, DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { RouteDocument } from '#contract/route-document.ts';
import { StateStorageError } from '#operator/cli/errors.ts';
import { diffStage } from '#operator/diff/diff-stage.ts';
import { awsCatchUp, awsJournal } from '#operator/journal/stage-records.ts';
import { awsRoutePlace } from '#operator/route/open-route.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import { bootstrapState } from '#operator/state/bootstrap.ts';
import { awsLiveParts } from '#operator/state/compare-live.ts';
import { recoverState } from '#operator/state/recover-state.ts';
import { returnState } from '#operator/state/return-state.ts';
import { readStateDocument } from '#operator/state/state-document.ts';
import type { StateStore } from '#operator/state/state-store.ts';
import { verifyState } from '#operator/state/verify-state.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { readStacks } from '#operator/terraform/synthesized-stack.ts';
import { requireUsableOnAws } from '#operator/without/aws-usable.ts';
import type { StageContext } from '#stacks/context.ts';
import { synthesize } from '#stacks/synthesize.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { REPLICATION, transformFor } from '#tests/terraform/support/transformations.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_200_000;
/** Global, regional with states that it reads, global with states of both regions. */
const PLANNED = ['data', 'envA-secondary', 'routing'];
const silent = () => undefined;

const isAskedFor = process.env.TERRAFORM_SCENARIOS === 'all';

/**
 * The primary region's state is lost and the second region's copy used, until the primary is back.
 *
 * @param stage - deployed, with target envA; its state is in the primary region afterwards, as before
 */
export function stateScenario(stage: () => StageOnMoto): void {
  describe.sequential('the state outlives its region (B10)', () => {
    const stores = () => awsStateStores(stage().context);
    const s3 = (region: string) => new S3Client({ ...clientSettings(stage().moto, region), forcePathStyle: true });
    const inSecondary = (): StageContext => {
      const { context } = stage();
      return { ...context, settings: { ...context.settings, stateInSecondary: [context.stage] } };
    };
    const serialOf = async (key: string) => readStateDocument((await stores().primary.read(key)).body)?.serial;
    let key = '';

    it('is copied to the second region, and verified there', async () => {
      const { context } = stage();
      console.log(`moto: ${REPLICATION}`);
      const { primary, secondary } = stores();
      const keys = (await primary.keys()) ?? [];
      key = keys.find((each) => each.endsWith('-routing.tfstate')) ?? '';
      const before = await verifyState(context, stores(), []);
      expect(before.differences.join()).toMatch(/copy missing: .*dev-routing/);
      for (const each of keys) await secondary.write(each, (await primary.read(each)).body);
      const { states, differences } = await verifyState(context, stores(), []);
      expect(differences).toEqual([]);
      expect(states.map(({ stack }) => stack)).toContain(`${context.stage}-routing`);
      for (const state of states) expect(state).toMatchObject({ digest: 'same', copy: 'same' });
    });

    it("is recovered when the primary's bucket and lock table are gone", async () => {
      const { context, moto } = stage();
      const { region, bucket, lockTable } = stateLocation(context, 'primary');
      await deleteBucket(s3(region), bucket);
      await new DynamoDBClient(clientSettings(moto, region)).send(new DeleteTableCommand({ TableName: lockTable }));
      const ports = {
        stores: stores(),
        liveParts: () => awsLiveParts(context, 'secondary'),
        claimLockTable: async () => undefined,
        onStep: silent,
      };
      const report = await recoverState(context, ports);
      expect(report.parts).toMatchObject({ compared: expect.any(Number), differences: [] });
      expect(report.primary).toContain(`${bucket} does not exist`);
      expect(report.live).toMatchObject({ region: context.settings.secondaryRegion, bucket: `${bucket}-replica` });
      expect(await recoverState(context, ports)).toEqual(report);
    });

    it('is refused where it is older than what is live there, until that is accepted (B16)', async () => {
      const { context } = stage();
      const { secondary } = stores();
      const ports = {
        stores: stores(),
        liveParts: () => awsLiveParts(context, 'secondary'),
        claimLockTable: async () => undefined,
        onStep: silent,
      };
      const keys = ['entry', 'envA'].map((kind) => `${context.stage}/${context.stage}-${kind}-secondary.tfstate`);
      const bodies = await Promise.all(keys.map(async (each) => (await secondary.read(each)).body));
      const lacking = { aws_api_gateway_api_key: [], aws_api_gateway_deployment: [], aws_lambda_alias: [] };
      for (const [at, each] of keys.entries()) {
        const state: { resources: { type: string }[] } = JSON.parse(new TextDecoder().decode(bodies[at]));
        const resources = state.resources.filter(({ type }) => !(type in lacking));
        await secondary.write(each, new TextEncoder().encode(JSON.stringify({ ...state, resources })));
      }
      const refused = await recoverState(context, ports).catch(String);
      expect(refused).toMatch(/alias envA of \S+: version \d+ is live/);
      expect(refused).toMatch(/deployment of envA \(REST\)/);
      expect(refused).toMatch(/API key: \S+ is live/);
      await recoverState(context, { ...ports, accept: true });
      for (const [at, each] of keys.entries()) await secondary.write(each, bodies[at] ?? new Uint8Array());
      await recoverState(context, ports);
    });

    it('plans nothing from there: stacks, and the states that they read, in the second region', {
      timeout: LONG,
    }, async () => {
      expect(await plans(stage(), inSecondary(), PLANNED)).toEqual({
        data: 'none',
        'envA-secondary': 'none',
        routing: 'none',
      });
      const { differences } = await verifyState(inSecondary(), stores(), []);
      expect(differences.join()).toContain(`two-region state return ${stage().context.stage}`);
    });

    it.runIf(isAskedFor)(
      'is deployed with while the primary region is gone, of which nothing is asked, and both regions then wait for its return (B16)',
      {
        timeout: LONG,
      },
      async () => {
        const { context, moto, run } = stage();
        const { stage: name, settings } = context;
        const deploy = () => run('deploy', name, '--only', 'envB-secondary', '--without', 'primary', '--json');
        const back = moto.lose([settings.primaryRegion]);
        const route = awsRoutePlace(context).stores.secondary;
        const say = async (document: RouteDocument) => route.write(document, (await route.read()).version);
        try {
          const early = await deploy();
          expect([early.exitCode, JSON.parse(early.stdout).error.message]).toEqual([
            2,
            expect.stringContaining(`two-region route-away ${name} primary`),
          ]);
          expect(await say({ route: 'away' })).toBe(true);
          const { exitCode, stdout, stderr } = await deploy();
          expect(JSON.parse(stdout).stacks).toMatchObject([{ stack: 'envB-secondary' }]);
          expect([exitCode, stderr]).toEqual([
            0,
            expect.stringContaining('The primary region has to catch up: its stacks'),
          ]);
        } finally {
          // Who asks may be asked there, for the name of its bucket.
          expect(back().filter((call) => !call.startsWith('sts '))).toEqual([]);
        }
        const owed = await awsCatchUp(context).read('primary');
        expect(owed.map(({ kind }) => kind)).toEqual(['state', 'release']);
        await expect(requireUsableOnAws(context)).rejects.toThrow(`two-region return ${name} primary`);
        await say({ route: 'home' });
      },
    );

    it('goes back, with what was written meanwhile, and refuses to overwrite what is newer', async () => {
      const { context } = stage();
      const { secondary } = stores();
      const serial = await rewrite(secondary, key);
      const bootstrap = async () => {
        await bootstrapState(context, silent);
      };
      const journals = {
        primary: awsJournal(context, stateLocation(context, 'primary')),
        secondary: awsJournal(context, stateLocation(context, 'secondary')),
      };
      const ports = { stores: stores(), journals, catchUp: awsCatchUp(context), bootstrap, onStep: silent };
      const report = await returnState(inSecondary(), ports);
      expect(new Set(report.states.map(({ outcome }) => outcome))).toEqual(new Set(['copied']));
      expect(await serialOf(key)).toBe(serial);
      expect((await verifyState(context, stores(), [])).differences).toEqual([]);
      if (isAskedFor) {
        await expect(requireUsableOnAws(context)).resolves.toBeUndefined();
        await awsCatchUp(context).write('primary', []);
      }
      await rewrite(stores().primary, key);
      await expect(returnState(context, ports)).rejects.toThrow(StateStorageError);
      expect(await serialOf(key)).toBe(serial + 1);
    });

    it('plans nothing from the primary region afterwards', { timeout: LONG }, async () => {
      // It reads the states of both regions' entries.
      expect(await plans(stage(), stage().context, ['routing'])).toEqual({ routing: 'none' });
    });
  });
}

/** Outcome of a plan by stack, as `two-region diff` finds it. */
async function plans(
  stage: StageOnMoto,
  context: StageContext,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const outdir = await mkdtemp(join(tmpdir(), 'two-region-state-'));
  const terraform = openTerraform({ lockTimeoutSeconds: 1 });
  try {
    const ports = {
      live: stage.live,
      terraform,
      synthesize: async () => {
        await synthesize(context, outdir);
        const stacks = await readStacks(outdir, context.stage);
        for (const { folder } of stacks) transformFor('moto', folder);
        return stacks;
      },
    };
    const { stacks } = await diffStage(context, ports, names, { onPlanned: silent });
    return Object.fromEntries(stacks.map(({ stack, outcome, problem }) => [stack, problem ?? outcome]));
  } finally {
    await terraform.close();
    await rm(outdir, { recursive: true });
  }
}

/** Writes a state again as an apply would that changes nothing but the serial. @returns the new serial */
async function rewrite(store: StateStore, key: string): Promise<number> {
  const state: { serial: number } = JSON.parse(new TextDecoder().decode((await store.read(key)).body));
  const body = new TextEncoder().encode(JSON.stringify({ ...state, serial: state.serial + 1 }));
  await store.write(key, body);
  await store.writeDigest(key, readStateDocument(body)?.md5 ?? '');
  return state.serial + 1;
}

async function deleteBucket(s3: S3Client, bucket: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
  }
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
}
