import { UsageError } from '../usage/usage-error.ts';

/** The words behind `params put` and its like, in their order. */
export interface Operands {
  readonly stage?: string | undefined;
  readonly name?: string | undefined;
}

/** @throws UsageError without a stage: outside of the local runtime none is taken for granted */
export function requireStage({ stage, name }: Operands): {
  readonly stage: string;
  readonly name?: string | undefined;
} {
  if (stage !== undefined) return { stage, name };
  throw new UsageError('<stage> is missing: name a stage of settings.conf, or use --local for the one that runs here.');
}

/** With `--local` the stage may be left out, `put --local replacement_map`: a word alone is then a name, unless it is a stage. */
export function withStageLeftOut(operands: Operands, stages: readonly string[]): Operands {
  const { stage, name } = operands;
  return stage === undefined || name !== undefined || stages.includes(stage) ? operands : { name: stage };
}
