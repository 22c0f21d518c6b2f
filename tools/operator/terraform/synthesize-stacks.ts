import type { StageContext } from '../../../stacks/context.ts';
import { synthesizeStage } from './synthesize-stage.ts';
import { readStacks, type SynthesizedStack } from './synthesized-stack.ts';

/** Where `cdktf synth` writes too. */
const OUTDIR = 'cdktf.out';

/** Synthesizes a stage once, in this process, into `cdktf.out` of the working directory. */
export async function synthesizeStacks({ stage }: StageContext): Promise<readonly SynthesizedStack[]> {
  const { outdir } = await synthesizeStage({ directory: process.cwd(), stage, outdir: OUTDIR });
  return readStacks(outdir, stage);
}
