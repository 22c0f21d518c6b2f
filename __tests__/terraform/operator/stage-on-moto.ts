import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import type { StageContext } from '../../../stacks/context.ts';
import { stateBucketName } from '../../../stacks/naming.ts';
import { loadSettings } from '../../../stacks/settings/index.ts';
import { awsLiveSources } from '../../../tools/operator/live/open-live.ts';
import { awsStores } from '../../../tools/operator/parameters/open-stores.ts';
import { putParameters } from '../../../tools/operator/parameters/put.ts';
import { bootstrapState } from '../../../tools/operator/state/bootstrap.ts';
import { synthesizeStage } from '../../../tools/operator/synthesize-stage.ts';
import { openTerraform } from '../../../tools/operator/terraform/open-terraform.ts';
import { readStacks } from '../../../tools/operator/terraform/synthesized-stack.ts';
import { clientSettings, prepareAccount } from '../support/account.ts';
import { Moto } from '../support/moto.ts';
import { Synthesis } from '../support/synthesis.ts';
import { openStateBucket, transformForMoto } from '../support/transformations.ts';

/** The first stage of settings.conf in an account of its own: bootstrapped, parameters set, nothing deployed. */
export async function stageOnMoto() {
  const directory = await mkdtemp(join(tmpdir(), 'two-region-operator-'));
  await mkdir(join(directory, 'plugins'));
  const moto = await Moto.start();
  for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value);
  vi.stubEnv('TF_PLUGIN_CACHE_DIR', join(directory, 'plugins'));
  const settings = loadSettings('settings.conf');
  const context: StageContext = { settings, stage: settings.stages[0] ?? '' };
  const silent = () => undefined;

  const values = await prepareAccount(moto, settings);
  await bootstrapState(context, silent);
  const s3 = new S3Client({ ...clientSettings(moto, settings.primaryRegion), forcePathStyle: true });
  await openStateBucket(s3, stateBucketName(context));
  await putParameters(context, awsStores(context), new Map(), new Map(Object.entries(values)));

  const outdir = join(directory, 'cdktf.out');
  const terraform = openTerraform({ lockTimeoutSeconds: 1 });
  /** Functions whose source counts as edited from now on. */
  const edited = new Set<string>();
  const synthesize = async () => {
    await synthesizeStage({ directory: process.cwd(), stage: context.stage, outdir });
    const stacks = await readStacks(outdir, context.stage);
    for (const { folder } of stacks) transformForMoto(folder);
    const synthesis = new Synthesis(outdir);
    for (const name of edited) {
      for (const { id } of stacks.filter(({ kind }) => kind === 'api')) synthesis.changeCode(id, name);
    }
    return stacks;
  };
  return {
    context,
    moto,
    terraform,
    synthesize,
    edited,
    live: awsLiveSources(context),
    close: async () => {
      await terraform.close();
      await moto.stop();
      vi.unstubAllEnvs();
      await rm(directory, { recursive: true });
    },
  };
}

export type StageOnMoto = Awaited<ReturnType<typeof stageOnMoto>>;
