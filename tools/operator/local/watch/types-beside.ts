import { setPriority } from 'node:os';
import type { findTypeErrors } from '#operator/types/check-types.ts';

/** So long nothing else is served: a compiler for each of several changes in a row would be ended before it has found anything. */
const QUIET_MILLISECONDS = 1000;

/** Looks for mistakes of types beside what is served, which does not wait for it. */
export interface TypesBeside {
  /** Begins anew, in a second; a check that is under way is ended. */
  again(): void;
  /** Ends a check, and begins none. */
  stop(): void;
}

/**
 * @param find - finds the mistakes; the compiler runs at the lowest priority
 * @param onMistakes - hears what a check has found that was not ended; nothing of one that failed but that there is no mistake
 */
export function typesBeside(
  directory: string,
  find: typeof findTypeErrors,
  onMistakes: (mistakes: readonly string[]) => void,
): TypesBeside {
  let checking = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const check = async (signal: AbortSignal) => {
    const onStart = (pid: number) => setPriority(pid, 19);
    const mistakes = await find(directory, { signal, onStart }).catch(() => []);
    if (!signal.aborted) onMistakes(mistakes);
  };
  const stop = () => {
    clearTimeout(timer);
    checking.abort();
  };
  return {
    again() {
      stop();
      checking = new AbortController();
      const { signal } = checking;
      timer = setTimeout(() => void check(signal), QUIET_MILLISECONDS);
    },
    stop,
  };
}
