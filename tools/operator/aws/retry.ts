import { setTimeout as sleep } from 'node:timers/promises';

const ATTEMPTS = 30;

const PAUSE_MILLISECONDS = 2000;

/**
 * Repeats a call, for a minute at most, while it fails as AWS says that it may for a while.
 *
 * @throws its last error, with how long it was tried
 */
export async function retryWhile<T>(
  isPassing: (error: Error) => boolean,
  call: () => Promise<T>,
  pauseMilliseconds = PAUSE_MILLISECONDS,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Error) || !isPassing(error)) throw error;
      if (attempt >= ATTEMPTS) throw lasting(error, (ATTEMPTS * pauseMilliseconds) / 1000);
      await sleep(pauseMilliseconds);
    }
  }
}

/** The same error: its name and answer tell what it is. */
function lasting(error: Error, seconds: number): Error {
  error.message = `${error.message}\nAWS says so for ${seconds} s now, and that it passes: what was made stays, the same command goes on.`;
  return error;
}
