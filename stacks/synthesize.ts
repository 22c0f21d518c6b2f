import { join } from 'node:path';
import type { App } from 'cdktf';
import { stop as endBundler } from 'esbuild';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';
import { operations } from '#contract/index.ts';
import { functionsOf } from '#contract/operation.ts';
import type { StageContext } from './context.ts';
import { checkContract } from './contract/check-contract.ts';
import { SCHEDULED_FUNCTIONS } from './naming.ts';
import type { ReleaseRecords } from './release-record.ts';
import { projectFolder } from './settings/project-folder.ts';
import { lockProviders } from './terraform/provider-lock.ts';

/**
 * Declares every stack of a stage, with its functions' code. The code is bundled by another process while cdktf and the provider's bindings
 * are loaded, which take about as long.
 *
 * @param outdir - where `synth()` writes; folders above it must exist. @default - what the cdktf command asks for, else `cdktf.out`
 * @param records - what the stage's environments run, and so must stay. @default - nothing is deployed
 * @throws ContractError, before anything is bundled
 */
export async function createApp(context: StageContext, outdir?: string, records?: ReleaseRecords): Promise<App> {
  checkContract(operations, context.settings);
  const [bundles, { createStageApp }] = await Promise.all([
    bundleFunctions([...functionsOf(operations), ...SCHEDULED_FUNCTIONS]),
    import('./stage-app.ts'),
  ]);
  return withoutTraces(() => createStageApp(context, { operations, bundles, records }, outdir));
}

/**
 * Declares and writes every stack of a stage.
 *
 * @param outdir - as of {@link createApp}
 * @param records - as of {@link createApp}
 * @returns the app, whose manifest lists the stacks
 */
export async function synthesize(context: StageContext, outdir?: string, records?: ReleaseRecords): Promise<App> {
  try {
    const app = await createApp(context, outdir, records);
    withoutTraces(() => app.synth());
    const files = Object.values(app.manifest.stacks).map((stack) => join(app.outdir, stack.synthesizedStackPath));
    await lockProviders(projectFolder(), files);
    return app;
  } finally {
    // esbuild keeps a process for the next build, and there is none.
    await endBundler();
  }
}

/** cdktf captures a stack trace for every token, a fifth of a synthesis and more with source maps, and shows none of them. Errors keep theirs. */
export function withoutTraces<Result>(work: () => Result): Result {
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = (target, below) => {
    if (target instanceof Error) capture(target, below);
  };
  try {
    return work();
  } finally {
    Error.captureStackTrace = capture;
  }
}
