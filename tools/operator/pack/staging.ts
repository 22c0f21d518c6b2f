import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { filesBelow, type PackedFile } from './content.ts';
import { OFFLINE, terraformFile } from './layout.ts';
import type { InstalledTerraform } from './terraform-parts.ts';

/** tar finds the project's files below the archive's folder; what a first level has of links, it would pack as such. */
export async function linkProject(project: string, staging: string, own: readonly PackedFile[]): Promise<void> {
  const folders = new Set(own.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])));
  for (const folder of [...folders, 'node_modules']) {
    await symlink(join(project, folder), join(staging, folder), 'junction');
  }
  for (const { path, source } of own) if (!path.includes('/')) await copyFile(source, join(staging, path));
}

/** @returns nothing where a script stands before Terraform */
export async function stageTerraform(
  staging: string,
  { file, platform }: InstalledTerraform,
): Promise<readonly PackedFile[]> {
  if (file === undefined) return [];
  const target = terraformFile(staging, platform);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(file, target);
  const folder = dirname(target);
  return filesBelow(folder, `${OFFLINE}/terraform/${basename(folder)}/`);
}
