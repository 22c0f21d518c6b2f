import type { healthcheck } from '#contract/healthcheck.ts';
import type { Body, ResponseOf } from '#contract/response.ts';
import type { ItemStore } from '#functions/ports/item-store.ts';
import type { ObjectStore } from '#functions/ports/object-store.ts';

/** What the region can't serve without. */
export interface Dependencies {
  readonly 'table-a': Pick<ItemStore, 'get'>;
  readonly 'table-b': Pick<ItemStore, 'get'>;
  readonly bucket: Pick<ObjectStore, 'check'>;
}

/** A dependency, as the contract names it. */
export type Dependency = Body<typeof healthcheck, 503>['failing'][number];

interface DeepCheck {
  readonly dependencies: Dependencies;
  readonly env: string;
  readonly region: string;
  /** Milliseconds after which whatever hasn't answered counts as failing. */
  readonly deadlineMs: number;
  /** Told of every failing dependency, before the answer. */
  readonly onFailure: (dependency: Dependency, cause: unknown) => void;
}

/** Id of the item that the tables are asked for. It need not exist: the table's answer is what counts. */
const probeId = 'healthcheck';

/**
 * Reads both tables and the bucket at once and answers before the deadline, also when one of them neither answers nor heeds the signal.
 *
 * @returns 200, or 503 with the failing dependencies in alphabetical order
 */
export async function deepCheck(check: DeepCheck): Promise<ResponseOf<typeof healthcheck>> {
  const { dependencies, env, region, onFailure } = check;
  const signal = AbortSignal.timeout(check.deadlineMs);
  const deadline = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const fails = async (dependency: Dependency, read: () => Promise<unknown>): Promise<readonly Dependency[]> => {
    try {
      await Promise.race([read(), deadline]);
      return [];
    } catch (cause) {
      onFailure(dependency, cause);
      return [dependency];
    }
  };
  const failing = await Promise.all([
    fails('bucket', () => dependencies.bucket.check(signal)),
    fails('table-a', () => dependencies['table-a'].get(probeId, signal)),
    fails('table-b', () => dependencies['table-b'].get(probeId, signal)),
  ]);
  return failing.every((dependency) => dependency.length === 0)
    ? { status: 200, body: { status: 'ok', check: 'deep', env, region } }
    : { status: 503, body: { status: 'unavailable', failing: failing.flat(), env, region } };
}

/** The function runs: that is all this says, so it stays up when a dependency is down. */
export function shallowCheck(origin: {
  readonly env: string;
  readonly region: string;
}): ResponseOf<typeof healthcheck> {
  return { status: 200, body: { status: 'ok', check: 'shallow', ...origin } };
}
