import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The lock file of the project, under version control, and of each stack's folder: which AWS provider Terraform takes, on every machine. Of a
 * state that a newer provider wrote an older one can read nothing.
 *
 * Source: Terraform documentation, "Dependency Lock File".
 */
export const PROVIDER_LOCK = '.terraform.lock.hcl';

/** The AWS provider's version in a lock file's text, `undefined` where there is none. */
export function lockedVersion(text: string): string | undefined {
  return /provider "registry\.terraform\.io\/hashicorp\/aws" \{\s*version\s*=\s*"([^"]+)"/.exec(text)?.[1];
}

/** The project's lock file; `undefined` where there is none. @param directory - the folder of `settings.conf` */
export function readProviderLock(directory: string): Promise<string | undefined> {
  return readFile(join(directory, PROVIDER_LOCK), 'utf8').catch(() => undefined);
}

/**
 * Gives each stack's folder the project's lock, unless it holds the same version already: what `terraform init` adds to it, the checksums of
 * a mirror and the archive provider, stays.
 *
 * @param files - of the stacks' JSON
 */
export async function lockProviders(directory: string, files: readonly string[]): Promise<void> {
  const lock = await readProviderLock(directory);
  if (lock === undefined) return;
  await Promise.all(
    files.map(async (file) => {
      const folder = dirname(file);
      const held = await readProviderLock(folder);
      if (held === undefined || lockedVersion(held) !== lockedVersion(lock)) {
        await writeFile(join(folder, PROVIDER_LOCK), lock);
      }
    }),
  );
}
