import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hashFiles, type PackedFile } from './content.ts';
import { partOf } from './layout.ts';
import type { PartContent } from './manifest.ts';

/** Tests and measurements: no command reads them. */
const NOT_NEEDED = ['__tests__/', 'bench/'];

/** What is made anew, or comes by another way. */
const MADE = /^(node_modules|\.git|\.two-region|\.terraform|cdktf\.out[^/]*|coverage|dist)$/;

/** Files that may hold secrets, by their names; samples of them hold none. */
const SECRET_NAMES = [
  /(^|\/)\.env(\.(?!example$|sample$)[^/]*)?$/,
  /\.tfstate(\.[^/]*)?$/,
  /\.tfvars(\.json)?$/,
  /\.(pem|key|p12|pfx|jks)$/,
  /(^|\/)id_(rsa|dsa|ecdsa|ed25519)$/,
  /(^|\/)(\.netrc|\.git-credentials|\.terraformrc|credentials\.tfrc\.json)$/,
  /(^|\/)(\.aws|\.ssh)\//,
];

/** What is a secret whatever the file is called. AWS documents its samples with keys that end in EXAMPLE. */
const SECRETS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an access key of AWS', /\b(?:AKIA|ASIA)(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b/],
  ['a secret access key of AWS', /aws_secret_access_key\s*=\s*(?!\S*EXAMPLE)[A-Za-z0-9/+]{40}/i],
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/],
  ['a token of a registry', /:_(?:authToken|password|auth)\s*=\s*(?!\$\{)\S+/],
];

/** Larger files are no sources. Bytes. */
const LONGEST_SOURCE = 2_000_000;

export interface ProjectFiles {
  readonly files: readonly PackedFile[];
  /** Paths that are not packed as they may hold secrets. */
  readonly leftOut: readonly string[];
}

/** Whether a file may hold secrets, by its name. @param path - with slashes */
export function mayBeSecret(path: string): boolean {
  return SECRET_NAMES.some((pattern) => pattern.test(path));
}

/**
 * What of the project's own files goes into an archive: what git tracks or would, in any other folder all but what is made anew. Tests stay.
 *
 * @param folder - of settings.conf
 */
export async function projectFiles(folder: string): Promise<ProjectFiles> {
  const paths = ((await ofGit(folder)) ?? (await ofFolder(folder))).filter(
    (path) => !NOT_NEEDED.some((start) => path.startsWith(start)) && !MADE.test(path.split('/', 1)[0] ?? ''),
  );
  const found = await Promise.all(
    paths
      .filter((path) => !mayBeSecret(path))
      .map(async (path) => {
        const source = join(folder, path);
        const stats = await stat(source).catch(() => undefined);
        return stats?.isFile() ? [{ path, source, bytes: stats.size }] : [];
      }),
  );
  return { files: found.flat(), leftOut: paths.filter(mayBeSecret) };
}

/** Secrets in what is to be packed. @returns `settings.conf holds an access key of AWS` */
export async function secretsIn(files: readonly PackedFile[]): Promise<readonly string[]> {
  const found = await Promise.all(
    files.map(async ({ path, source, bytes }) => {
      if (bytes > LONGEST_SOURCE) return [];
      const text = await readFile(source, 'utf8');
      return SECRETS.flatMap(([what, pattern]) => (pattern.test(text) ? [`${path} holds ${what}.`] : []));
    }),
  );
  return found.flat();
}

/** The code at hand, as an archive of it would have it. */
export async function codeContent(folder: string): Promise<PartContent> {
  const { files } = await projectFiles(folder);
  return hashFiles(files.filter(({ path }) => partOf(path) === 'code'));
}

/** @returns undefined where the folder is no work tree of git, or one that git ignores */
async function ofGit(folder: string): Promise<readonly string[] | undefined> {
  const args = ['-C', folder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = await promisify(execFile)('git', args, { maxBuffer: 64_000_000 }).catch(() => undefined);
  const paths = listed?.stdout.split('\0').filter((path) => path !== '') ?? [];
  return paths.includes('package.json') ? [...new Set(paths)] : undefined;
}

async function ofFolder(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = entries.map(async (entry) => {
    if (MADE.test(entry.name)) return [];
    const path = `${below}${entry.name}`;
    return entry.isDirectory() ? ofFolder(folder, `${path}/`) : [path];
  });
  return (await Promise.all(found)).flat();
}
