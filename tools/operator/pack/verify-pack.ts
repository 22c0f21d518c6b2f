import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorReason } from '#functions/error-reason.ts';
import type { Verdict } from '#operator/account/verdict.ts';
import { inTemporaryFolder, unpackArchive } from './archive.ts';
import { filesBelow, hashFile } from './content.ts';
import { MANIFEST, noteOf } from './layout.ts';
import { type PackNote, parseManifest, parseNote } from './manifest.ts';
import { useOfflineParts } from './offline.ts';
import { CHECKS, type Unpacked } from './pack-checks.ts';
import { PackError } from './pack-stage.ts';
import { refusedSurroundings, runIn } from './refused-surroundings.ts';

export interface VerifiedPack {
  readonly file: string;
  readonly stage: string;
  readonly made: string;
  readonly checks: readonly (Verdict & { readonly name: string })[];
}

export interface VerifyPackPorts {
  readonly onPhase: (phase: string) => void;
  readonly run?: typeof runIn;
  /** What registries are asked through. @default - a closed port */
  readonly proxy?: string;
}

/**
 * Unpacks an archive into a temporary folder and works there as on the day that it is for: with every registry refused, and nothing of this machine
 * but Node.js and tar. What came of it is kept in the note beside the archive.
 *
 * @throws PackError for what is no archive of this command
 */
export async function verifyPack(file: string, ports: VerifyPackPorts): Promise<VerifiedPack> {
  if (!existsSync(file)) throw new PackError(`There is no file ${file}.`);
  return inTemporaryFolder(async (temporary) => {
    const note = parseNote(await readFile(noteOf(file), 'utf8').catch(() => ''));
    ports.onPhase('hashing the archive');
    const first = await checkArchive(file, note);
    ports.onPhase('unpacking');
    const unpacked = await unpack(file, temporary, ports);
    const { manifest } = unpacked;
    const checks: VerifiedPack['checks'][number][] = [{ name: 'archive', ...first }];
    for (const [name, look] of Object.entries(CHECKS)) {
      ports.onPhase(name);
      const verdict = await look(unpacked).catch((error): Verdict => ({ outcome: 'fail', found: errorReason(error) }));
      checks.push({ name, ...verdict });
    }
    if (note) await remember(file, note, passes(checks));
    return { file, stage: manifest.stage, made: manifest.made, checks };
  });
}

/** Whether everything that was looked at is as it must be. */
export function passes(checks: readonly Verdict[]): boolean {
  return checks.every(({ outcome }) => outcome !== 'fail');
}

/** The archive must be the one that its note is about. */
export async function checkArchive(file: string, note: PackNote | undefined): Promise<Verdict> {
  if (note === undefined) return { outcome: 'skipped', found: `no note ${noteOf(file)} lies beside it` };
  const sha256 = await hashFile(file);
  if (sha256 === note.archive.sha256) return { outcome: 'ok', found: `SHA-256 ${sha256}` };
  const found = `its SHA-256 is ${sha256}, the note beside it says ${note.archive.sha256}`;
  return { outcome: 'fail', found, fix: 'It is damaged, or another one: copy it again, or pack anew.' };
}

async function remember(file: string, note: PackNote, passed: boolean): Promise<void> {
  const verified = { at: new Date().toISOString(), passed };
  await writeFile(noteOf(file), `${JSON.stringify({ ...note, verified }, null, 2)}\n`);
}

async function unpack(file: string, temporary: string, ports: VerifyPackPorts): Promise<Unpacked> {
  const [archive, home] = [join(temporary, 'archive'), join(temporary, 'home')];
  for (const each of [archive, home]) await mkdir(each);
  await unpackArchive(file, archive);
  const [name = ''] = await readdir(archive);
  const folder = join(archive, name);
  const manifest = parseManifest(await readFile(join(folder, MANIFEST), 'utf8').catch(() => ''));
  if (manifest === undefined)
    throw new PackError(`${file} is no archive of two-region pack: it has no ${MANIFEST} of format 1.`);
  const environment = refusedSurroundings(home, ports.proxy);
  const files = (await filesBelow(folder)).filter(({ path }) => path !== MANIFEST);
  const offline = { ...environment };
  useOfflineParts(offline, folder);
  return {
    ...{ manifest, folder, files, run: ports.run ?? runIn },
    ...{ surroundings: { folder, environment }, offline: { folder, environment: offline } },
  };
}
