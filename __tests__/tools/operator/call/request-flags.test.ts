import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBody, readHeaders } from '#operator/call/run-call.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'call-'));
  await writeFile(join(folder, 'user.json'), '{"name":"Zoë"}\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe('--body', () => {
  it('is what stands there, JSON or not, or the contents of a file', async () => {
    expect(await readBody(undefined)).toBeUndefined();
    expect(await readBody('{"broken')).toBe('{"broken');
    expect(await readBody(`@${join(folder, 'user.json')}`)).toEqual(Buffer.from('{"name":"Zoë"}\n'));
  });

  it('says which file cannot be read and why', async () => {
    await expect(readBody(`@${join(folder, 'absent.json')}`)).rejects.toThrow(/--body @.*absent\.json: .*ENOENT/);
    await expect(readBody(`@${folder}`)).rejects.toMatchObject({ name: 'CallError' });
  });
});

describe('--header', () => {
  it('takes names in any case and values with colons', () => {
    expect(readHeaders(['X-Correlation-Id: a:b', 'Accept:*/*'])).toEqual({ 'x-correlation-id': 'a:b', accept: '*/*' });
    expect(readHeaders(undefined)).toEqual({});
  });

  it('names every one that is none', () => {
    expect(() => readHeaders(['good: 1', 'bad', ': empty', 'two words: x'])).toThrow(
      '--header "bad", ": empty", "two words: x": allowed is "Name: value".',
    );
  });
});
