import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { unusedShapesDropped } from '#constructs/bundle/bundle-plugins.ts';
import { billOfMaterials } from './sbom.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles the service with all that it needs into one file, `server.cjs`, the container's own health check into `probe.cjs`, and says in
 * `sbom.cdx.json` which packages are in them; equal sources give equal bytes. Unlike a function's bundle it has the whole chain of credentials, as in a
 * container they come from an address, and the sources' names, as no start waits for its size and its stacks go into a log.
 *
 * Source: Amazon ECS Developer Guide, "Amazon ECS task IAM role".
 *
 * @param outdir - absolute; made when it is missing
 * @returns path of the service
 * @throws BuildFailure of esbuild, whose message lists every error with file and line
 */
export async function buildContainer(outdir: string): Promise<string> {
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: { server: 'container/server.ts', probe: 'container/image/probe.ts' },
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    metafile: true,
    outdir,
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    plugins: [unusedShapesDropped],
    sourcemap: 'linked',
    sourcesContent: false,
    target: 'node22',
  });
  const bill = JSON.stringify(await billOfMaterials(metafile, root), undefined, 2);
  await writeFile(join(outdir, 'sbom.cdx.json'), `${bill}\n`);
  return join(outdir, 'server.cjs');
}
