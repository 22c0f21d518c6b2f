import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import * as z from 'zod/mini';

const manifest = z.object({ name: z.string(), version: z.string(), license: z.optional(z.string()) });

/** Greedy: of packages inside packages the innermost counts. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * What a bundle is made of, as CycloneDX: each package of which esbuild took a file, and no other. Without time and serial number, so that equal bundles
 * have equal documents.
 *
 * Source: CycloneDX 1.6 JSON reference; purl specification, "npm".
 *
 * @param root - absolute path of the folder that the metafile's paths are relative to
 */
export async function billOfMaterials({ outputs }: Metafile, root: string) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
  );
  const folders = new Set(files.flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []));
  const packages = await Promise.all(
    [...folders].map(async (folder) =>
      manifest.parse(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))),
    ),
  );
  const components = new Map(
    packages.map(({ name, version, license }) => {
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
      const licenses = license === undefined ? {} : { licenses: [{ expression: license }] };
      return [purl, { type: 'library', 'bom-ref': purl, name, version, purl, ...licenses }];
    }),
  );
  const own = manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: `${own.name}-container`, version: own.version } },
    components: [...components].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, component]) => component),
  };
}
