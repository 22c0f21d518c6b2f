import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The project that a command is given for: the nearest folder with a settings.conf, from the current one upwards.
 *
 * @returns the current folder where none has one, so that the error names it
 */
export function projectFolder(): string {
  const here = process.cwd();
  for (let folder = here; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'settings.conf'))) return folder;
    if (dirname(folder) === folder) return here;
  }
}
