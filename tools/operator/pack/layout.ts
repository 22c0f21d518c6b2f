import { join } from 'node:path';

/** Below the project's folder of an unpacked archive: what the command line finds there it takes in the place of what registries give. */
export const OFFLINE = '.two-region/offline';

/** The archive's table of contents, in {@link OFFLINE}. */
export const MANIFEST = `${OFFLINE}/manifest.json`;

/** Where packs are written unless it is said otherwise, below the project's folder; git ignores it. */
export const PACKS = '.two-region/packs';

/** What an archive is made of. `code`: whatever of the project a command reads; `docs` may differ without harm. */
export const PARTS = ['code', 'docs', 'packages', 'stacks', 'providers', 'terraform'] as const;
export type PartName = (typeof PARTS)[number];

/** The archive's own file has the same name with another ending. */
export const ARCHIVE_END = '.tar.gz';
const NOTE_END = '.json';

/** `…/two-region-api-dev-1a2b3c4d5e6f-linux_amd64.tar.gz` → the note beside it */
export function noteOf(archive: string): string {
  return `${archive.endsWith(ARCHIVE_END) ? archive.slice(0, -ARCHIVE_END.length) : archive}${NOTE_END}`;
}

/** Which part a file belongs to. @param path - below the archive's folder, with slashes @returns undefined for the manifest */
export function partOf(path: string): PartName | undefined {
  if (path === MANIFEST) return undefined;
  if (path.startsWith('node_modules/')) return 'packages';
  if (path.startsWith('.two-region/stacks/')) return 'stacks';
  if (path.startsWith(`${OFFLINE}/providers/`)) return 'providers';
  if (path.startsWith(`${OFFLINE}/terraform/`)) return 'terraform';
  return path.startsWith('docs/') || path.endsWith('.md') ? 'docs' : 'code';
}

/** Where an unpacked archive has providers, in the layout of a filesystem mirror. */
export function providersFolder(project: string): string {
  return join(project, OFFLINE, 'providers');
}

/** Where an unpacked archive has Terraform. @param platform - `linux_amd64` */
export function terraformFile(project: string, platform: string): string {
  return join(project, OFFLINE, 'terraform', platform, platform.startsWith('windows') ? 'terraform.exe' : 'terraform');
}

const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: 'windows', sunos: 'solaris' };
const PROCESSORS: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64', ia32: '386' };

/** This machine in Terraform's words. */
export function thisPlatform(): string {
  return `${SYSTEMS[process.platform] ?? process.platform}_${PROCESSORS[process.arch] ?? process.arch}`;
}
