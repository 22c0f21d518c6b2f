import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the bundles' source maps, which are no part of the packages. */
export const SOURCE_MAPS = fileURLToPath(new URL('../../node_modules/.cache/two-region-api/maps', import.meta.url));

/** Where the source map of a bundle is kept; its sources are relative to its folder. @param sha256 - of `index.js`, hexadecimal */
export function sourceMapOf(sha256: string): string {
  return join(SOURCE_MAPS, `${sha256}.map`);
}
