import { errorReason } from '#functions/error-reason.ts';
import type { Verdict } from '#operator/account/verdict.ts';

/** One thing that has to be as it must be. */
export interface Check {
  /** What it is about: `this machine`, `stage dev`. */
  readonly about: string;
  readonly name: string;
  /** Looks, and changes nothing. What it throws counts as a failure. */
  look(): Promise<Verdict>;
}

/** A check that was made. */
export interface CheckResult extends Verdict {
  readonly about: string;
  readonly name: string;
}

const LIMIT_MILLISECONDS = 30_000;

/**
 * Makes all checks at the same time.
 *
 * @param limit - milliseconds after which a check that has not answered has failed. @default 30000
 * @returns one result per check, in the order of the checks
 */
export function makeChecks(checks: readonly Check[], limit = LIMIT_MILLISECONDS): Promise<readonly CheckResult[]> {
  return Promise.all(checks.map(async ({ about, name, look }) => ({ about, name, ...(await within(limit, look)) })));
}

async function within(limit: number, look: () => Promise<Verdict>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    const verdict: Verdict = {
      outcome: 'fail',
      found: `no answer within ${limit / 1000} s`,
      fix: 'Is there a network, and a proxy in the way? Try again.',
    };
    timer = setTimeout(() => resolve(verdict), limit);
  });
  try {
    return await Promise.race([look().catch(failed), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The remedy is part of what our own errors say: their first line is what was found. */
function failed(error: unknown): Verdict {
  const text = errorReason(error);
  const [found = '', ...fix] = text.split('\n');
  return { outcome: 'fail', found, ...(fix.length > 0 && { fix: fix.join('\n') }) };
}
