import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

export interface MemoryUse {
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
}

/** What this process holds once everything that it can let go of is gone. */
export function memoryInUse(): MemoryUse {
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapMegabytes: (heapUsed + external) / 1024 ** 2, residentMegabytes: rss / 1024 ** 2 };
}
