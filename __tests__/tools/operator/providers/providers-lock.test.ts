import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProvidersLock } from '#operator/providers/run-providers.ts';
import { lockedVersion, lockProviders, PROVIDER_LOCK } from '#stacks/terraform/provider-lock.ts';
import { isInRange, isRestless } from '#stacks/terraform/versions.ts';

const lockOf = (version: string, hash: string) =>
  `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n  hashes = [\n    "${hash}",\n  ]\n}\n`;

describe('the lock of the providers (B29)', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'two-region-lock-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  it('of the project names a version of the range, with checksums of packages and of what is unpacked', async () => {
    const text = await readFile(new URL(`../../../../${PROVIDER_LOCK}`, import.meta.url), 'utf8');
    const version = lockedVersion(text) ?? '';
    expect([isInRange(version), isRestless(version)]).toEqual([true, false]);
    expect(text.match(/"zh:[0-9a-f]{64}"/g)?.length).toBeGreaterThanOrEqual(10);
    expect(text).toMatch(/"h1:[A-Za-z0-9+/]{43}="/);
  });

  it('goes into the folder of each stack, where what Terraform added of the same version stays', async () => {
    const stacks = ['new', 'same', 'older'].map((name) => join(folder, name));
    for (const stack of stacks) await mkdir(stack);
    await writeFile(join(folder, PROVIDER_LOCK), lockOf('5.100.0', 'zh:project'));
    await writeFile(join(folder, 'same', PROVIDER_LOCK), lockOf('5.100.0', 'h1:mirror'));
    await writeFile(join(folder, 'older', PROVIDER_LOCK), lockOf('5.99.0', 'h1:old'));
    await lockProviders(
      folder,
      stacks.map((stack) => join(stack, 'cdk.tf.json')),
    );
    const held = await Promise.all(stacks.map((stack) => readFile(join(stack, PROVIDER_LOCK), 'utf8')));
    expect(held).toEqual([
      lockOf('5.100.0', 'zh:project'),
      lockOf('5.100.0', 'h1:mirror'),
      lockOf('5.100.0', 'zh:project'),
    ]);
  });

  it('is renewed by Terraform, for each platform, and stays as it was when Terraform fails', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const terraform = async (script: string) => {
      const file = join(folder, 'terraform');
      await writeFile(
        file,
        `#!/usr/bin/env node\nconst { writeFileSync, existsSync } = require('node:fs');\n${script}`,
        {
          mode: 0o755,
        },
      );
      vi.stubEnv('TERRAFORM_BINARY_NAME', file);
    };
    await writeFile(join(folder, PROVIDER_LOCK), lockOf('5.100.0', 'zh:old'));
    await terraform(`console.error('no such package'); process.exit(1);`);
    await expect(runProvidersLock({ upgrade: true })).rejects.toThrow(/stays as it was\.\nno such package/);
    expect(await readFile(join(folder, PROVIDER_LOCK), 'utf8')).toBe(lockOf('5.100.0', 'zh:old'));
    await terraform(
      `if (process.argv.filter((arg) => arg.startsWith('-platform=')).length !== 5) process.exit(1);
       writeFileSync('${PROVIDER_LOCK}', ${JSON.stringify(`# head\n\n${lockOf('6.45.0', 'zh:new')}`)});`,
    );
    await runProvidersLock({ upgrade: true, json: true });
    expect(JSON.parse(String(log.mock.lastCall?.[0]))).toEqual({ version: '6.45.0', before: '5.100.0', changed: true });
    expect(await readFile(join(folder, PROVIDER_LOCK), 'utf8')).toMatch(
      /^# Which provider [\s\S]+\n\nprovider [\s\S]+zh:new/,
    );
  });
});
