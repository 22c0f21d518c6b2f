import type { FunctionCode } from '#local/release/releases.ts';
import type { FunctionBuilder } from './function-code.ts';

/** So long nothing else is saved. */
const QUIET_MILLISECONDS = 1000;

type Code = ReadonlyMap<string, FunctionCode>;

/** Gives functions the code that a deploy would give them, some time after they were served with code that was made fast. */
export interface CodeAsDeployed {
  /** @param code - function of the contract → what it is served with */
  served(code: Code): void;
  /** Gives up what is under way: something else was saved. */
  stop(): void;
  /** Begins anew, in a second. */
  again(): void;
  /**
   * A synthesis has bundled all functions: what was served, with that code. Of those whose sources have changed since it is another.
   *
   * @param bundled - function of the contract → code as it is deployed
   * @param changed - functions
   */
  take(bundled: Code, changed: readonly string[]): Code;
}

/**
 * Their processes stay as they are: it is the same code, bundled in another way. Hashes are those of a deploy then, so that what a next synthesis
 * changes is told truly, and a version that is published of it is the one that a deploy would make.
 *
 * @param give - serves it, unless `isLate` by the time that it gets to it
 */
export function codeAsDeployed(
  builder: Pick<FunctionBuilder, 'buildAsDeployed'>,
  give: (code: Code, isLate: () => boolean) => Promise<void>,
): CodeAsDeployed {
  const quick = new Map<string, FunctionCode>();
  let timer: NodeJS.Timeout | undefined;
  let round = 0;
  const stop = () => {
    clearTimeout(timer);
    round += 1;
  };
  const settle = async () => {
    const own = round;
    const isLate = () => own !== round;
    const runs = new Map(quick);
    const built = await builder.buildAsDeployed([...runs.keys()]);
    const code = [...built].map(([name, each]) => [name, { ...each, runs: runs.get(name) }] as const);
    if (isLate()) return;
    await give(new Map(code), isLate);
    if (!isLate()) quick.clear();
  };
  return {
    served(code) {
      for (const [name, each] of code) quick.set(name, each);
    },
    again() {
      stop();
      if (quick.size === 0) return;
      // What makes no bundle here made none before, either: the next synthesis says so.
      timer = setTimeout(() => void settle().catch(() => undefined), QUIET_MILLISECONDS);
    },
    stop,
    take(bundled, changed) {
      stop();
      const same = [...bundled].filter(([name]) => quick.has(name) && !changed.includes(name));
      const code = same.map(([name, each]) => [name, { ...each, runs: quick.get(name) }] as const);
      quick.clear();
      return new Map(code);
    },
  };
}
