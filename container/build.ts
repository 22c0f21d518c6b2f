import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { unusedShapesDropped } from '#constructs/bundle-plugins.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles the service with all that it needs into one file, `server.cjs`; equal sources give equal bytes. Unlike a function's bundle it has the whole
 * chain of credentials: in a container they come from an address, not from variables.
 *
 * Source: Amazon ECS Developer Guide, "Amazon ECS task IAM role".
 *
 * @param outdir - absolute; made when it is missing
 * @returns path of the bundle
 * @throws BuildFailure of esbuild, whose message lists every error with file and line
 */
export async function buildContainer(outdir: string): Promise<string> {
  await mkdir(outdir, { recursive: true });
  const outfile = join(outdir, 'server.cjs');
  await build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: ['container/server.ts'],
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    minify: true,
    outfile,
    platform: 'node',
    plugins: [unusedShapesDropped],
    sourcemap: 'linked',
    sourcesContent: false,
    target: 'node22',
  });
  return outfile;
}
