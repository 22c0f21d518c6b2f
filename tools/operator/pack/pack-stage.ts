import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { StageContext } from '#stacks/context.ts';
import { draftOf, inTemporaryFolder, tarVersion, writeArchive } from './archive.ts';
import { filesBelow, hashFiles, type PackedFile } from './content.ts';
import { ARCHIVE_END, MANIFEST, noteOf, partOf } from './layout.ts';
import { type Manifest, makeManifest, type PackNote } from './manifest.ts';
import { installedPackages } from './packages.ts';
import { projectFiles, secretsIn } from './project-files.ts';
import { linkProject, stageTerraform } from './staging.ts';
import { gatherProviders, installedTerraform, requiredProviders } from './terraform-parts.ts';

/** What stands against a pack: every mistake, one per line. Nothing was written. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly exitCode = ExitCode.Usage;
}

export interface PackOptions {
  /** Folder of settings.conf. */
  readonly project: string;
  /** Where the archive is written. */
  readonly output: string;
  /** What else there are to be providers for, in Terraform's words: `darwin_arm64`. @default - this machine's platform alone */
  readonly platforms: readonly string[];
  /** An archive of the same name is replaced. @default false */
  readonly force: boolean;
}

export interface PackPorts {
  readonly synthesize: (stage: string, outdir: string) => Promise<Synthesis>;
  readonly onPhase: (phase: string) => void;
  /** @default - the system's */
  readonly tar?: () => string | undefined;
}

export interface PackReport {
  readonly file: string;
  readonly archive: PackNote['archive'];
  readonly manifest: Manifest;
  /** Files of the project that were left out, as they may hold secrets. */
  readonly leftOut: readonly string[];
}

/** Digits of the code's hash in an archive's name. */
const DIGITS = 12;

/**
 * Packs what a stage's commands need into one archive: the project without its tests, the packages that it runs with, Terraform, providers, and the
 * stage's stacks with the functions' bundles. Beside it a note says what it is.
 *
 * @throws PackError with everything that forbids it; TerraformError, SettingsError
 */
export async function packStage(
  { settings, stage }: StageContext,
  options: PackOptions,
  ports: PackPorts,
): Promise<PackReport> {
  const { project, output, force } = options;
  ports.onPhase('looking at files, packages and Terraform');
  const { files: own, leftOut } = await projectFiles(project);
  const packages = await installedPackages(project);
  const code = await hashFiles(own.filter(({ path }) => partOf(path) === 'code'));
  const terraform = await installedTerraform(project).catch(String);
  const platform = typeof terraform === 'string' ? '' : terraform.platform;
  const name = `${settings.appName}-${stage}-${code.sha256.slice(0, DIGITS)}-${platform}`;
  const file = join(output, `${name}${ARCHIVE_END}`);
  const others = options.platforms.filter((each) => each !== platform);
  const problems = [
    ...badPlatforms(others),
    ...((ports.tar ?? tarVersion)() === undefined
      ? ['tar does not run: it is what packs and unpacks the archive. Install it.']
      : []),
    ...(typeof terraform === 'string' ? [terraform.replace(/^\w*Error: /, '')] : []),
    ...(packages.missing.length > 0 ? [`Not installed: ${packages.missing.join(', ')}. Run npm ci.`] : []),
    ...(await secretsIn(own)).map((each) => `${each} Take it out of the project: an archive is copied, and kept.`),
    ...(!force && existsSync(file) ? [`${file} is there already. Replace it: --force`] : []),
  ];
  if (problems.length > 0 || typeof terraform === 'string') throw new PackError(problems.join('\n'));

  const pack = async (temporary: string): Promise<PackReport> => {
    const staging = join(temporary, name);
    const place = { project, work: join(temporary, 'terraform'), staging };
    for (const each of [place.work, staging]) await mkdir(each);
    ports.onPhase(`synthesizing ${stage}`);
    const outdir = join(staging, '.two-region/stacks', stage);
    const { stacks } = await ports.synthesize(stage, outdir);
    ports.onPhase('gathering providers');
    const wanted = await Promise.all(stacks.map((stack) => requiredProviders(stack.file)));
    const providers = await gatherProviders(Object.assign({}, ...wanted), others, place);
    const binary = await stageTerraform(staging, terraform);
    const files: readonly PackedFile[] = [
      ...own,
      ...packages.files,
      ...(await filesBelow(outdir, `.two-region/stacks/${stage}/`)),
      ...providers.files,
      ...binary,
    ];
    await linkProject(project, staging, own);
    ports.onPhase(`hashing ${files.length} files`);
    const manifest = await makeManifest(
      { name, stage, project, others, terraform, providers: providers.versions },
      files,
    );
    await mkdir(dirname(join(staging, MANIFEST)), { recursive: true });
    await writeFile(join(staging, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await mkdir(output, { recursive: true });
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const paths = [MANIFEST, ...files.map(({ path }) => path).sort()].map((path) => `${name}/${path}`);
    const archive = await writeArchive(file, temporary, paths, tellPercents(total, ports.onPhase));
    await writeFile(noteOf(file), `${JSON.stringify({ manifest, archive } satisfies PackNote, null, 2)}\n`);
    return { file, archive, manifest, leftOut };
  };
  return inTemporaryFolder(pack, [draftOf(file)]);
}

function badPlatforms(platforms: readonly string[]): readonly string[] {
  return platforms
    .filter((each) => !/^[a-z0-9]+_[a-z0-9]+$/.test(each))
    .map(
      (each) =>
        `--platform is ${JSON.stringify(each)}, allowed is a system and a processor: linux_amd64, darwin_arm64.`,
    );
}

/** A hundred times at most. */
function tellPercents(total: number, onPhase: PackPorts['onPhase']): (bytes: number) => void {
  let told = -10;
  return (bytes) => {
    const percent = Math.min(100, Math.floor((bytes / Math.max(1, total)) * 100));
    if (percent < told + 10) return;
    told = percent;
    onPhase(`packing ${Math.round(total / 1e6)} MB: ${percent} %`);
  };
}
