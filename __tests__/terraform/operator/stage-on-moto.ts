import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { putParameters } from '#operator/parameters/put.ts';
import { bootstrapState } from '#operator/state/bootstrap.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { readStacks } from '#operator/terraform/synthesized-stack.ts';
import type { StageContext } from '#stacks/context.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { TerminalSession } from '#tests/support/terminal-session.ts';
import { clientSettings, logWithRoleOfAnotherTeam, prepareAccount } from '#tests/terraform/support/account.ts';
import { Moto } from '#tests/terraform/support/moto.ts';
import { Synthesis } from '#tests/terraform/support/synthesis.ts';
import { transformFor } from '#tests/terraform/support/transformations.ts';
import { command, twoRegion } from '#tests/terraform/support/two-region.ts';
import { WarmProviders } from '#tests/terraform/support/warm-providers.ts';

/**
 * The first stage of settings.conf in an account of its own: bootstrapped, parameters set, nothing deployed.
 *
 * @param deployedBefore - whether another test deploys the same stacks: what only takes time is left out then
 * @param settingsText - what is made of the text of settings.conf
 */
export async function stageOnMoto({ deployedBefore = false, settingsText = (text: string) => text } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'two-region-operator-'));
  const inDirectory = async (name: string) => {
    await mkdir(join(directory, name));
    return join(directory, name);
  };
  const settingsFile = join(directory, 'settings.conf');
  await writeFile(settingsFile, settingsText(await readFile('settings.conf', 'utf8')));
  const settings = loadSettings(settingsFile);
  const context: StageContext = { settings, stage: settings.stages[0] ?? '' };
  const moto = await Moto.start();
  const providers = await WarmProviders.start(await inDirectory('providers'), moto.environment);
  const transformations = join(directory, 'transformations');
  const environment = {
    ...moto.environment,
    STAGE: context.stage,
    TERRAFORM_BINARY_NAME: new URL('../support/terraform-for-emulator.sh', import.meta.url).pathname,
    WARM_PROVIDERS: providers.folder,
    TRANSFORMATIONS: transformations,
    TF_PLUGIN_CACHE_DIR: await inDirectory('plugins'),
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
    DEPLOYED_BEFORE: String(deployedBefore),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);

  const values = await prepareAccount(moto, settings);
  const otherTeam = await logWithRoleOfAnotherTeam(moto, settings.secondaryRegion);
  await bootstrapState(context, () => undefined);
  const s3 = new S3Client({ ...clientSettings(moto, settings.primaryRegion), forcePathStyle: true });
  await putParameters(context, awsStores(context), new Map(), new Map(Object.entries(values)));

  const outdir = join(directory, 'cdktf.out');
  const terraform = openTerraform({ lockTimeoutSeconds: 1 });
  /** Functions whose source counts as edited from now on. */
  const edited = new Set<string>();
  /** Environments whose REST API counts as edited: another route, say. */
  const editedApis = new Set<string>();
  /** Tables that count as renamed. */
  const renamedTables = new Set<string>();
  const synthesize = async () => {
    await synthesizeStage({ directory: process.cwd(), stage: context.stage, outdir });
    const stacks = await readStacks(outdir, context.stage);
    for (const { folder } of stacks) transformFor('moto', folder);
    const synthesis = new Synthesis(outdir);
    for (const name of edited) {
      for (const { id } of stacks.filter(({ kind }) => kind === 'api')) synthesis.changeCode(id, name);
    }
    for (const { id } of stacks.filter(({ kind }) => editedApis.has(kind))) synthesis.changeRestApi(id);
    for (const name of renamedTables) synthesis.renameTable(`${context.stage}-data`, name);
    return stacks;
  };
  return {
    context,
    moto,
    /** Role that API Gateway logs with in the secondary region: another team has set it before this stage came. */
    otherTeam,
    s3,
    /** Where the command line is run; its synthesis is in `cdktf.out`. */
    directory,
    terraform,
    synthesize,
    edited,
    editedApis,
    renamedTables,
    live: awsLiveSources(context),
    journal: awsSwitchRecords(context).journal,
    /** Runs `two-region`. The synthesis is the source's own: what counts as edited is not. */
    run: (...args: string[]) => twoRegion(args, { environment, directory }),
    /** Runs `two-region` at a terminal. */
    atTerminal: (...args: string[]) =>
      new TerminalSession(process.execPath, [command, ...args], { directory, environment }),
    /** What was left out for moto, one line each. */
    transformations: async () => [...new Set((await readFile(transformations, 'utf8')).trimEnd().split('\n'))],
    close: async () => {
      await terraform.close();
      await Promise.all([moto.stop(), providers.stop()]);
      vi.unstubAllEnvs();
      await rm(directory, { recursive: true });
    },
  };
}

export type StageOnMoto = Awaited<ReturnType<typeof stageOnMoto>>;
