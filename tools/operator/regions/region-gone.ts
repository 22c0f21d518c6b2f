import { whyGone } from '#operator/cli/credentials-error.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';

/** The commands that take `--without`. */
const WORK_ALONE = 'deploy, diff, keys, params, promote, rollback, status and switch';

/** A region does not answer, and the command was not told to work without it. */
class RegionGoneError extends Error {
  override readonly name = 'RegionGoneError';
  readonly exitCode = ExitCode.Failed;
}

/** A region of the local runtime that was made to fail does not answer, as AWS would not. */
export class FailedRegionError extends Error {
  override readonly name = 'FailedRegionError';
  readonly exitCode = ExitCode.Failed;
  constructor(regionType: RegionType) {
    super(`The ${regionType} region was made to fail. Let it answer again: two-region local recover ${regionType}`);
  }
}

/** Asks one region. @throws RegionGoneError where it does not answer; whatever else it answers */
export async function ofRegion<T>(context: StageContext, regionType: RegionType, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const alone = `${WORK_ALONE} work in the other one alone, with --without ${regionType}.`;
    if (cause instanceof FailedRegionError) throw new RegionGoneError(`${cause.message}\nOr: ${alone}`, { cause });
    const reason = whyGone(cause);
    if (reason === undefined) throw cause;
    const { region } = inRegion(context, regionType);
    const text = `The ${regionType} region ${region} did not answer: ${reason}. If it is lost: ${alone}`;
    throw new RegionGoneError(text, { cause });
  }
}
