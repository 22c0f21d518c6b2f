import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgeKeptPack } from '#operator/pack/kept-pack.ts';
import { noteOf, PACKS } from '#operator/pack/layout.ts';
import { parseNote } from '#operator/pack/manifest.ts';
import { type SmallProject, smallProject } from './small-project.ts';

const DAY = 86_400_000;

describe('doctor --drill asks for the offline bundle (B25)', () => {
  let small: SmallProject;
  beforeEach(async () => {
    small = await smallProject();
    vi.stubEnv('TERRAFORM_BINARY_NAME', small.terraform);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await small.remove();
  });

  const judge = (now?: number) => judgeKeptPack(small.project, 'dev', now);
  const packed = async (passed?: boolean) => {
    const { file } = await small.pack({ output: join(small.project, PACKS) });
    if (passed === undefined) return file;
    const note = parseNote(await readFile(noteOf(file), 'utf8'));
    await writeFile(noteOf(file), JSON.stringify({ ...note, verified: { at: '2026-11-29T09:00:00.000Z', passed } }));
    return file;
  };

  it('warns where there is none, or none of the stage', async () => {
    expect(await judge()).toMatchObject({ outcome: 'warn', fix: expect.stringContaining('two-region pack dev') });
    await packed(true);
    expect(await judgeKeptPack(small.project, 'prod')).toMatchObject({ outcome: 'warn' });
  });

  it('is content with one that fits the code and passed, and says how old it is', async () => {
    await packed(true);
    expect(await judge(Date.now() + 3.5 * DAY)).toEqual({
      outcome: 'ok',
      found: expect.stringMatching(/made 3 days ago, fits the code at hand and passed on 2026-11-29T09:00/),
    });
  });

  it('warns of one that was never verified, and of one of other code', async () => {
    await packed();
    expect(await judge()).toMatchObject({
      outcome: 'warn',
      found: expect.stringMatching(/made today, was never verified/),
    });
    await small.write('tools/more.ts', 'export {};\n');
    expect(await judge()).toMatchObject({
      outcome: 'warn',
      found: expect.stringMatching(/is of other code than is here, and was never verified/),
      fix: expect.stringMatching(/^two-region pack dev\ntwo-region pack --verify /),
    });
    await packed(true);
    expect(await judge()).toMatchObject({ outcome: 'ok' });
  });

  it('fails where it is damaged, is gone, or did not pass', async () => {
    const file = await packed(false);
    expect(await judge()).toMatchObject({ outcome: 'fail', found: expect.stringContaining('did not pass') });
    await appendFile(file, 'x');
    expect(await judge()).toMatchObject({ outcome: 'fail', found: expect.stringContaining('the note beside it says') });
    await rm(file);
    expect(await judge()).toMatchObject({ outcome: 'fail', found: expect.stringContaining('only its note') });
  });
});
