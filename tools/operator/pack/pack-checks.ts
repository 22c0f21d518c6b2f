import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verdict } from '#operator/account/verdict.ts';
import { filesBelow, hashFiles, type PackedFile } from './content.ts';
import { PARTS, type PartName, partOf, terraformFile } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { mayBeSecret } from './project-files.ts';
import type { runIn, Surrounded } from './refused-surroundings.ts';
import { requiredProviders } from './terraform-parts.ts';

/** An unpacked archive. */
export interface Unpacked {
  readonly manifest: Manifest;
  /** The project in it. */
  readonly folder: string;
  readonly files: readonly PackedFile[];
  readonly surroundings: Surrounded;
  /** The same, with Terraform and providers of the archive. */
  readonly offline: Surrounded;
  readonly run: typeof runIn;
}

/** One after the other: what runs writes caches, so files come first. */
export const CHECKS: Readonly<Record<string, (unpacked: Unpacked) => Promise<Verdict>>> = {
  contents: checkContents,
  secrets: checkSecrets,
  'command line': checkCommandLine,
  synthesis: checkSynthesis,
  Terraform: checkTerraform,
  providers: checkProviders,
};

async function checkContents({ manifest, files }: Unpacked): Promise<Verdict> {
  const wrong: PartName[] = [];
  for (const part of PARTS) {
    const content = await hashFiles(files.filter(({ path }) => partOf(path) === part));
    if (content.sha256 !== manifest.parts[part].sha256) wrong.push(part);
  }
  if (wrong.length > 0)
    return { outcome: 'fail', found: `other than the manifest says: ${wrong.join(', ')}`, fix: 'Pack anew.' };
  const megabytes = Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  return { outcome: 'ok', found: `${files.length} files of ${megabytes} MB are what the manifest says` };
}

async function checkSecrets({ files }: Unpacked): Promise<Verdict> {
  // Packages are whoever's made them, with samples of all kinds.
  const found = files.filter(({ path }) => partOf(path) !== 'packages' && mayBeSecret(path)).map(({ path }) => path);
  if (found.length > 0)
    return { outcome: 'fail', found: `it holds ${found.join(', ')}`, fix: 'Destroy every copy, and pack anew.' };
  return { outcome: 'ok', found: 'no file of a name that secrets have' };
}

async function checkCommandLine(unpacked: Unpacked): Promise<Verdict> {
  const { exitCode, output } = await twoRegion(unpacked, '--help');
  if (exitCode !== 0) return failed('two-region --help', exitCode, output);
  return { outcome: 'ok', found: 'two-region --help runs' };
}

/** The stacks come out the same, so packages, bundler and sources are whole. */
async function checkSynthesis(unpacked: Unpacked): Promise<Verdict> {
  const { folder, manifest, surroundings } = unpacked;
  const outdir = join(surroundings.environment.HOME ?? folder, 'synthesized');
  const { exitCode, output } = await twoRegion(unpacked, 'synth', '--stage', manifest.stage, '--outdir', outdir);
  if (exitCode !== 0) return failed('two-region synth', exitCode, output);
  const start = `.two-region/stacks/${manifest.stage}/`;
  const { sha256 } = await hashFiles(await filesBelow(outdir, start));
  if (sha256 === manifest.parts.stacks.sha256)
    return { outcome: 'ok', found: `the stacks of ${manifest.stage} come out as packed` };
  return { outcome: 'fail', found: `the stacks of ${manifest.stage} come out other than packed`, fix: 'Pack anew.' };
}

async function checkTerraform({ folder, manifest, offline, run }: Unpacked): Promise<Verdict> {
  const terraform = terraformFile(folder, manifest.platform);
  if (!existsSync(terraform))
    return { outcome: 'warn', found: `it holds none for ${manifest.platform}`, fix: manifest.lacks.join('\n') };
  const { exitCode, output } = await run(terraform, ['version'], offline);
  if (exitCode !== 0) return failed('terraform version', exitCode, output);
  return { outcome: 'ok', found: output.split('\n', 1)[0] ?? '' };
}

/** A stack for each set of providers is initialized, and validated by them. */
async function checkProviders(unpacked: Unpacked): Promise<Verdict> {
  const { folder, manifest, offline, run } = unpacked;
  const stacks = join(folder, '.two-region/stacks', manifest.stage, 'stacks');
  const sets = new Map<string, string>();
  for (const stack of await readdir(stacks)) {
    sets.set(JSON.stringify(await requiredProviders(join(stacks, stack, 'cdk.tf.json'))), join(stacks, stack));
  }
  const { environment } = offline;
  const terraform = environment.TERRAFORM_BINARY_NAME ?? 'terraform';
  for (const stack of sets.values()) {
    for (const args of [
      ['init', '-backend=false', '-input=false', '-no-color'],
      ['validate', '-no-color'],
    ]) {
      const { exitCode, output } = await run(terraform, args, { folder: stack, environment });
      if (exitCode !== 0) return failed(`terraform ${args[0]}`, exitCode, output);
    }
  }
  const versions = Object.entries(manifest.versions).filter(([name]) => name.includes('/'));
  const found = versions.map(([address, version]) => `${address.split('/').slice(1).join('/')} ${version}`).join(', ');
  return { outcome: 'ok', found: `init and validate by ${found}, with registries refused` };
}

function twoRegion({ folder, surroundings, run }: Unpacked, ...args: readonly string[]) {
  return run(process.execPath, [join(folder, 'tools/operator/two-region.mjs'), ...args], surroundings);
}

function failed(what: string, exitCode: number, output: string): Verdict {
  return {
    outcome: 'fail',
    found: `${what} ended with ${exitCode}: ${output.trim().slice(-2000)}`,
    fix: 'Pack anew, on a machine like this one.',
  };
}
