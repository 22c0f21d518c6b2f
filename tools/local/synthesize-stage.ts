import { join, resolve } from 'node:path';

/** What a synthesis wrote. */
export interface Synthesis {
  readonly stage: string;
  /** Absolute path of the folder that holds `manifest.json`. */
  readonly outdir: string;
  /** In the order of deployment: name, and the absolute path of its Terraform JSON. */
  readonly stacks: readonly { readonly name: string; readonly file: string }[];
}

/**
 * Synthesizes a stage in this process: the same stacks that `cdktf synth` writes, without its start-up time. The only place of the tools
 * that knows the stacks; they are loaded when it is called, as they take half of the runtime's start-up.
 *
 * @param directory - the folder of `settings.conf`
 * @param stage - @default - the first of the settings' stages
 * @param outdir - taken from `directory` when relative
 * @throws SettingsError for wrong settings and for a stage that they don't have
 */
export async function synthesizeStage(options: {
  readonly directory: string;
  readonly stage: string | undefined;
  readonly outdir: string;
}): Promise<Synthesis> {
  const [{ loadSettings }, { selectStage }] = await Promise.all([
    import('../../stacks/settings/index.ts'),
    import('../../stacks/settings/select-stage.ts'),
  ]);
  const settings = loadSettings(join(options.directory, 'settings.conf'));
  const stage = selectStage(settings, options.stage);
  const outdir = resolve(options.directory, options.outdir);
  const { createApp } = await import('../../stacks/synthesize.ts');
  const app = await createApp({ settings, stage }, outdir);
  app.synth();
  const stacks = Object.values(app.manifest.stacks).map(({ name, synthesizedStackPath }) => ({
    name,
    file: join(outdir, synthesizedStackPath),
  }));
  return { stage, outdir, stacks };
}
