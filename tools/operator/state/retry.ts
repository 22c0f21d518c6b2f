import { setTimeout as sleep } from 'node:timers/promises';

const ATTEMPTS = 30;
const PAUSE_MILLISECONDS = 2000;

/** Repeats a call, for a minute at most, while it fails with an error of one name. @throws its last error */
export async function retryWhile(
  errorName: string,
  call: () => Promise<void>,
  pauseMilliseconds = PAUSE_MILLISECONDS,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== errorName || attempt >= ATTEMPTS) throw error;
      await sleep(pauseMilliseconds);
    }
  }
}
