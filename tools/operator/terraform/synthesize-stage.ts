import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Synthesis } from '#local/runtime/load-model.ts';
import type { StageContext } from '#stacks/context.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { keptSynthesis } from './kept-synthesis.ts';
import { readStacks, type SynthesizedStack } from './synthesized-stack.ts';

/** A folder per stage: two commands may work on two stages at once, and raw `cdktf` in its own. */
const OUTDIR = '.two-region/stacks';

/**
 * Synthesizes a stage in this process: the same stacks that `cdktf synth` writes, without its start-up time. The stacks
 * are loaded when it is called, as they take half of a start-up.
 *
 * @param directory - the folder of `settings.conf`
 * @param stage - @default - the first of the settings' stages
 * @param outdir - taken from `directory` when relative
 * @param records - what the stage's environments run, and so must stay. @default - nothing is deployed
 * @param environments - in the place of the settings' own. @default - API_ENVIRONMENTS
 * @param stateInSecondary - in the place of the settings' own. @default - STATE_IN_SECONDARY
 * @param kept - takes what an earlier synthesis of the same came to, where one was kept, and keeps this one; without `records`. @default false
 * @throws SettingsError for wrong settings and for a stage that they don't have
 */
export async function synthesizeStage(options: {
  readonly directory: string;
  readonly stage: string | undefined;
  readonly outdir: string;
  readonly records?: ReleaseRecords;
  readonly environments?: readonly string[];
  readonly stateInSecondary?: readonly string[];
  readonly kept?: boolean;
}): Promise<Synthesis> {
  const [{ loadSettings }, { selectStage }, { localParameterValues }, { parameterPath }] = await Promise.all([
    import('#stacks/settings/index.ts'),
    import('#stacks/settings/select-stage.ts'),
    import('#stacks/settings/parameter-values.ts'),
    import('#stacks/naming.ts'),
  ]);
  const loaded = loadSettings(join(options.directory, 'settings.conf'));
  const settings = {
    ...loaded,
    apiEnvironments: options.environments ?? loaded.apiEnvironments,
    stateInSecondary: options.stateInSecondary ?? loaded.stateInSecondary,
  };
  const context = { settings, stage: selectStage(settings, options.stage) };
  const outdir = resolve(options.directory, options.outdir);
  // The app makes its folder, but none above it.
  await mkdir(outdir, { recursive: true });
  const make = async () => {
    const { synthesize } = await import('#stacks/synthesize.ts');
    const app = await synthesize(context, outdir, options.records);
    // The bundler's process holds well over 100 MB and would live as long as the runtime.
    await (await import('esbuild')).stop();
    return Object.values(app.manifest.stacks);
  };
  const stacks =
    options.kept && options.records === undefined ? await keptSynthesis(context, outdir, make) : await make();
  return {
    stage: context.stage,
    regions: { primary: settings.primaryRegion, secondary: settings.secondaryRegion },
    outdir,
    stacks: stacks.map(({ name, synthesizedStackPath }) => ({
      name,
      file: join(outdir, synthesizedStackPath),
    })),
    variables: { target_env: settings.apiEnvironments[0] ?? '' },
    parameters: Object.fromEntries(
      Object.entries(localParameterValues(settings)).map(([name, value]) => [parameterPath(context, name), value]),
    ),
  };
}

/**
 * Synthesizes a stage once, in this process, into a folder of the working directory that is this stage's.
 *
 * @param records - what the stage's environments run, and so must stay. @default - the code alone, for plans of stacks that hold no such thing
 */
export async function synthesizeStacks(
  { settings, stage }: StageContext,
  records?: ReleaseRecords,
): Promise<readonly SynthesizedStack[]> {
  const { outdir } = await synthesizeStage({
    directory: projectFolder(),
    stage,
    outdir: join(OUTDIR, stage),
    // A stage that is taken down may have environments that its settings no longer name.
    environments: settings.apiEnvironments,
    // While a region is left out, the state is the other one's.
    stateInSecondary: settings.stateInSecondary,
    ...(records && { records }),
  });
  return readStacks(outdir, stage);
}
