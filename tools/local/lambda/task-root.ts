import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Where Lambda would unpack the package of `source`, a folder or a single file.
 *
 * @returns absolute folder without symbolic links; undefined when there is nothing at `source`
 */
export function taskRootOf(source: string): string | undefined {
  const stats = statSync(source, { throwIfNoEntry: false });
  if (!stats) return undefined;
  return realpathSync(stats.isDirectory() ? source : dirname(source));
}
