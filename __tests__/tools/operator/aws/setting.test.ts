import { describe, expect, it } from 'vitest';
import { ensureSettings, type Setting, unless } from '#operator/aws/setting.ts';

function setting(name: string, isSet: boolean): Setting & { readonly written: () => boolean } {
  let written = false;
  return {
    name,
    isSet: async () => isSet || written,
    set: async () => {
      written = true;
    },
    written: () => written,
  };
}

describe('settings of a state resource (S0.4)', () => {
  it('of an existing resource are left alone when right and repaired when not', async () => {
    const [right, wrong] = [setting('versioning', true), setting('encryption', false)];
    expect(await ensureSettings(false, [right, wrong])).toEqual([
      { name: 'versioning', outcome: 'existed' },
      { name: 'encryption', outcome: 'repaired' },
    ]);
    expect([right.written(), wrong.written()]).toEqual([false, true]);
  });

  it('of a new resource are made, whether or not they came with it', async () => {
    const findings = await ensureSettings(true, [setting('encryption', true), setting('versioning', false)]);
    expect(findings.map(({ outcome }) => outcome)).toEqual(['made', 'made']);
  });

  it('are absent where the service says so, and unknown where it fails otherwise', async () => {
    const error = (name: string) => Promise.reject(Object.assign(new Error('no'), { name }));
    expect(await unless(['NoSuchBucketPolicy'], error('NoSuchBucketPolicy'))).toBeUndefined();
    await expect(unless(['NoSuchBucketPolicy'], error('AccessDenied'))).rejects.toThrow('no');
  });
});
