import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verdict } from '#operator/account/verdict.ts';
import { tarVersion } from './archive.ts';
import { ARCHIVE_END, PACKS } from './layout.ts';
import { type PackNote, parseNote } from './manifest.ts';
import { codeContent } from './project-files.ts';
import { checkArchive } from './verify-pack.ts';

const DAY_MILLISECONDS = 86_400_000;

/**
 * Whether there is an archive for a day without registries: how old it is, whether it fits the code at hand, and whether it passed when it was
 * verified. It is not unpacked for that.
 *
 * @param folder - of settings.conf
 * @param now - milliseconds since the epoch
 */
export async function judgeKeptPack(folder: string, stage: string, now = Date.now()): Promise<Verdict> {
  const packs = join(folder, PACKS);
  const notes = (await readdir(packs).catch(() => [])).filter((name) => name.endsWith('.json'));
  const read = await Promise.all(notes.map(async (name) => parseNote(await readFile(join(packs, name), 'utf8'))));
  const newest = read
    .filter((note) => note?.manifest.stage === stage)
    .sort((one, other) => ((one?.manifest.made ?? '') < (other?.manifest.made ?? '') ? 1 : -1))[0];
  const pack = `two-region pack ${stage}`;
  if (newest === undefined) {
    const found = `none is in ${PACKS}: without registries no machine gets the packages and providers that commands need`;
    return { outcome: 'warn', found, fix: `${pack}, and keep it where it can be reached on such a day` };
  }
  return judge(newest, join(packs, `${newest.manifest.name}${ARCHIVE_END}`), { folder, pack, now });
}

async function judge(
  { manifest, archive, verified }: PackNote,
  file: string,
  { folder, pack, now }: { readonly folder: string; readonly pack: string; readonly now: number },
): Promise<Verdict> {
  const days = Math.floor((now - Date.parse(manifest.made)) / DAY_MILLISECONDS);
  const age = days < 1 ? 'made today' : `made ${days} ${days === 1 ? 'day' : 'days'} ago`;
  const about = `${manifest.name}, ${age}`;
  const verify = `two-region pack --verify ${file}`;
  if (!existsSync(file)) {
    return {
      outcome: 'fail',
      found: `${about}, is gone: only its note is in ${PACKS}`,
      fix: `Copy it back, or: ${pack}`,
    };
  }
  const whole = await checkArchive(file, { manifest, archive });
  if (whole.outcome === 'fail') return { outcome: 'fail', found: `${about}: ${whole.found}`, fix: `${pack} --force` };
  if (verified?.passed === false)
    return { outcome: 'fail', found: `${about}, did not pass on ${verified.at}`, fix: verify };
  const code = await codeContent(folder);
  const others = [
    ...(code.sha256 === manifest.parts.code.sha256 ? [] : [{ found: 'is of other code than is here', fix: pack }]),
    ...(verified === undefined ? [{ found: 'was never verified', fix: verify }] : []),
    ...(tarVersion() === undefined
      ? [{ found: 'cannot be unpacked here: tar does not run', fix: 'Install tar.' }]
      : []),
  ];
  if (others.length === 0)
    return { outcome: 'ok', found: `${about}, fits the code at hand and passed on ${verified?.at}` };
  const found = `${about}, ${others.map((each) => each.found).join(', and ')}`;
  return { outcome: 'warn', found, fix: others.map((each) => each.fix).join('\n') };
}
