import { join, resolve } from 'node:path';
import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { PACKS } from './layout.ts';
import { PackError, type PackReport, packStage } from './pack-stage.ts';
import { passes, type VerifiedPack, verifyPack } from './verify-pack.ts';

export interface PackFlags {
  /** An archive to verify, instead of making one. */
  readonly verify?: string;
  /** @default PACKS, below the project's folder */
  readonly output?: string;
  readonly platform?: readonly string[];
  readonly force?: true;
  readonly json?: true;
}

/** `two-region pack STAGE`, `two-region pack --verify FILE`. */
export async function runPack(stage: string | undefined, flags: PackFlags): Promise<void> {
  const problems = misuse(stage, flags);
  if (problems.length > 0) throw new PackError(problems.join('\n'));
  if (flags.verify !== undefined) return runVerification(resolve(flags.verify), flags);
  const context = loadStageContext(stage);
  const project = projectFolder();
  const options = {
    project,
    output: flags.output === undefined ? join(project, PACKS) : resolve(flags.output),
    platforms: flags.platform ?? [],
    force: flags.force === true,
  };
  await runCommand(
    flags,
    ({ view }) =>
      packStage(context, options, {
        synthesize: (name, outdir) => synthesizeStage({ directory: project, stage: name, outdir }),
        onPhase: (phase) => view.phase(phase),
      }),
    { text: describePack },
  );
}

function misuse(stage: string | undefined, { verify, output, platform, force }: PackFlags): readonly string[] {
  if (verify === undefined) return stage === undefined ? ['Which stage? two-region pack STAGE'] : [];
  const given = { STAGE: stage, '--output': output, '--platform': platform, '--force': force };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `--verify looks at an archive that is there, so it takes no ${name}.`);
}

function runVerification(file: string, flags: PackFlags): Promise<void> {
  return runCommand(flags, ({ view }) => verifyPack(file, { onPhase: (phase) => view.phase(phase) }), {
    text: describeVerification,
    exitCode: ({ checks }) => (passes(checks) ? ExitCode.Done : ExitCode.Usage),
  });
}

/** `123 MB` */
function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

export function describePack({ file, archive, manifest, leftOut }: PackReport, colors: Colors): string {
  const parts = Object.entries(manifest.parts).map(([name, { files, bytes, sha256 }]) => [
    `  ${name}`,
    `${files} files`,
    megabytes(bytes),
    sha256.slice(0, 12),
  ]);
  const versions = Object.entries(manifest.versions).map(([name, version]) => [`  ${name}`, version]);
  return [
    ...columns(parts),
    ...columns(versions),
    ...(leftOut.length > 0 ? [`Left out, as they may hold secrets: ${leftOut.join(', ')}`] : []),
    `Good for, without registries: ${manifest.goodFor.join(', ')}.`,
    'Not in it:',
    ...manifest.lacks.map((each) => `  ${each}`),
    colors.green(`${file} (${megabytes(archive.bytes)})`),
    `Next: two-region pack --verify ${file}, then keep it, and the note beside it, where both can be reached without this machine.`,
  ].join('\n');
}

export function describeVerification({ file, stage, made, checks }: VerifiedPack, colors: Colors): string {
  const paint = { ok: colors.green, warn: colors.yellow, fail: colors.red, skipped: colors.dim };
  const lines = columns(checks.map(({ outcome, name, found }) => [outcome, name, found]));
  const told = checks.flatMap(({ outcome, fix }, at) => [
    paint[outcome](lines[at] ?? ''),
    ...(fix?.split('\n') ?? []).map((line) => `         ${line}`),
  ]);
  const end = passes(checks)
    ? colors.green(`${file} is good for ${stage}, as of ${made}.`)
    : colors.red(`${file} is not good for an emergency.`);
  return [...told, end].join('\n');
}
