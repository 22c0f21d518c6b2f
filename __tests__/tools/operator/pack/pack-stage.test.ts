import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { colorsFor } from '#operator/cli/terminal.ts';
import { unpackArchive, writeArchive } from '#operator/pack/archive.ts';
import { filesBelow } from '#operator/pack/content.ts';
import { noteOf, terraformFile, thisPlatform } from '#operator/pack/layout.ts';
import { parseNote } from '#operator/pack/manifest.ts';
import { useOfflineParts } from '#operator/pack/offline.ts';
import { PackError } from '#operator/pack/pack-stage.ts';
import { runIn } from '#operator/pack/refused-surroundings.ts';
import { describePack, describeVerification } from '#operator/pack/run-pack.ts';
import { passes, type VerifyPackPorts, verifyPack } from '#operator/pack/verify-pack.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { ACCESS_KEY, type SmallProject, smallProject } from './small-project.ts';

let small: SmallProject;
beforeEach(async () => {
  small = await smallProject();
  vi.stubEnv('TERRAFORM_BINARY_NAME', small.terraform);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await small.remove();
});

/** The archive's files, below its folder. */
async function unpacked<R>(file: string, look: (folder: string, paths: readonly string[]) => Promise<R>): Promise<R> {
  const temporary = await mkdtemp(join(tmpdir(), 'two-region-unpacked-'));
  try {
    await unpackArchive(file, temporary);
    const folder = join(temporary, (await readdir(temporary))[0] ?? '');
    return await look(folder, (await filesBelow(folder)).map(({ path }) => path).sort());
  } finally {
    await rm(temporary, { recursive: true });
  }
}

describe('two-region pack (B25)', () => {
  it('holds project, packages that run, stacks, providers and a manifest; no secret, test, type or package for tests', async () => {
    const { file, manifest, leftOut, archive } = await small.pack({ platforms: ['darwin_arm64'] });
    expect(file).toMatch(new RegExp(`/two-region-api-dev-[0-9a-f]{12}-${thisPlatform()}\\.tar\\.gz$`));
    const aws = '.two-region/offline/providers/registry.terraform.io/hashicorp/aws';
    expect(await unpacked(file, async (_, paths) => paths)).toEqual(
      [
        ...[
          '.env.example',
          '.gitignore',
          '.terraform.lock.hcl',
          'README.md',
          'docs/operations.md',
          'package-lock.json',
        ],
        ...['package.json', 'settings.conf', 'tools/operator/two-region.mjs'],
        ...['node_modules/needed/index.js', 'node_modules/needed/package.json'],
        '.two-region/stacks/dev/stacks/dev-data/cdk.tf.json',
        `${aws}/5.100.0/${thisPlatform()}/terraform-provider-aws`,
        `${aws}/terraform-provider-aws_5.100.0_darwin_arm64.zip`,
        '.two-region/offline/manifest.json',
      ].sort(),
    );
    expect(leftOut).toContain('.env');
    expect(manifest).toMatchObject({
      ...{ stage: 'dev', platform: thisPlatform(), platforms: [thisPlatform(), 'darwin_arm64'] },
      versions: { terraform: '1.11.4', node: process.version, 'registry.terraform.io/hashicorp/aws': '5.100.0' },
      parts: { packages: { files: 2 }, providers: { files: 2 }, terraform: { files: 0 } },
    });
    expect(manifest.goodFor).toEqual(expect.arrayContaining(['rollback', 'route-away', 'state recover', 'deploy']));
    expect(manifest.lacks.join()).toContain('Terraform: a script stands before it here');
    expect(parseNote(await readFile(noteOf(file), 'utf8'))).toEqual({ manifest, archive });
    expect(small.phases).toContain('packing 0 MB: 100 %');
    expect(describePack({ file, archive, manifest, leftOut }, colorsFor(process.stdout))).toContain(
      `Next: two-region pack --verify ${file}`,
    );
  });

  it('has the same name and the same contents again, and never replaces one without --force', async () => {
    const first = await small.pack();
    const before = await readFile(first.file);
    await expect(small.pack()).rejects.toThrow(`${first.file} is there already. Replace it: --force`);
    expect(await readFile(first.file)).toEqual(before);
    const second = await small.pack({ force: true });
    expect([second.file, second.manifest.parts]).toEqual([first.file, first.manifest.parts]);
    await small.write('tools/more.ts', 'export {};\n');
    expect((await small.pack()).file).not.toBe(first.file);
  });

  it('names every mistake at once, and leaves nothing behind', async () => {
    const { file } = await small.pack();
    await rm(join(small.project, 'node_modules/needed'), { recursive: true });
    await small.write('docs/notes.md', `the key is ${ACCESS_KEY}\n`);
    const failure = await small.pack({ platforms: ['Mac'] }, { tar: () => undefined }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PackError);
    expect(failure).toMatchObject({ exitCode: 2 });
    const lines = [/^.*--platform is "Mac", allowed is/, /^tar does not run/, /^Not installed: needed\. Run npm ci\./];
    const more = [/^docs\/notes\.md holds an access key of AWS\./, /is there already/];
    for (const line of [...lines, ...more]) expect(String(failure)).toMatch(new RegExp(line.source, 'm'));
    vi.stubEnv('TERRAFORM_BINARY_NAME', join(small.root, 'no-terraform'));
    await expect(small.pack({ force: true })).rejects.toThrow(/no-terraform[\s\S]+Not installed: needed/);
    expect(await readdir(small.output)).toHaveLength(2);
    expect(file).toContain(small.output);
  });

  it('asks for a stage or an archive, and says what does not go together', async () => {
    expect(await runHere(['pack'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('two-region pack STAGE'),
    });
    const both = await runHere(['pack', 'dev', '--verify', 'x.tar.gz', '--force', '--platform', 'linux_arm64']);
    expect(both.code).toBe(2);
    for (const each of ['STAGE', '--force', '--platform']) expect(both.stderr).toContain(`takes no ${each}.`);
    expect(await runHere(['pack', '--verify', 'no-such.tar.gz'])).toMatchObject({ code: 2 });
    expect((await runHere(['pack', 'nowhere'])).code).toBe(2);
  });
});

/** Runs the command line, and notes what else would be run. */
function watched(): {
  readonly run: NonNullable<VerifyPackPorts['run']>;
  readonly others: string[];
  proxies: string[];
} {
  const others: string[] = [];
  const proxies: string[] = [];
  return {
    others,
    proxies,
    run: (file, args, surrounded) => {
      const { HTTPS_PROXY = '', npm_config_registry = '', AWS_ACCESS_KEY_ID = '', HOME } = surrounded.environment;
      proxies.push([HTTPS_PROXY, npm_config_registry, AWS_ACCESS_KEY_ID, String(HOME === process.env.HOME)].join(' '));
      if (file === process.execPath) return runIn(file, args, surrounded);
      others.push(`${args[0]} ${surrounded.environment.TF_CLI_ARGS_init?.includes('.two-region/offline/providers')}`);
      return Promise.resolve({ exitCode: 0, output: 'Terraform v1.11.4' });
    },
  };
}

const silent = () => undefined;

describe('two-region pack --verify (B25)', () => {
  it('works in an unpacked archive with registries refused and no credentials, and notes that it passed', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'somebody');
    const { file } = await small.pack();
    const { run, others, proxies } = watched();
    const verified = await verifyPack(file, { onPhase: silent, run });
    expect(verified.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      ...[
        'archive ok',
        'contents ok',
        'secrets ok',
        'command line ok',
        'synthesis ok',
        'Terraform warn',
        'providers ok',
      ],
    ]);
    expect(others).toEqual(['init true', 'validate true']);
    expect([...new Set(proxies)]).toEqual(['http://127.0.0.1:9 http://127.0.0.1:9  false']);
    expect(parseNote(await readFile(noteOf(file), 'utf8'))?.verified).toMatchObject({ passed: true });
    expect(describeVerification(verified, colorsFor(process.stdout))).toContain('is good for dev');
  });

  it.each([
    [
      'a file is another',
      'contents',
      (folder: string) => writeFile(join(folder, 'package.json'), '{"type":"module" }'),
    ],
    ['a file is too many', 'secrets', (folder: string) => writeFile(join(folder, '.env'), 'TOKEN=1')],
    [
      'a package is broken',
      'command line',
      (folder: string) => writeFile(join(folder, 'node_modules/needed/index.js'), 'throw new Error("broken");'),
    ],
    [
      'packages synthesize something else',
      'synthesis',
      (folder: string) => writeFile(join(folder, 'node_modules/needed/index.js'), `export default '{}';`),
    ],
  ])('fails where %s, and notes it', async (_, check, break_) => {
    const { file } = await small.pack();
    await unpacked(file, async (folder, paths) => {
      await break_(folder);
      const name = folder.split(/[/\\]/).at(-1) ?? '';
      const all = [...new Set([...paths, ...(await filesBelow(folder)).map(({ path }) => path)])];
      await writeArchive(
        file,
        join(folder, '..'),
        all.map((path) => `${name}/${path}`),
        silent,
      );
    });
    const { checks } = await verifyPack(file, { onPhase: silent, run: watched().run });
    const failed = checks.filter(({ outcome }) => outcome === 'fail').map(({ name }) => name);
    // The archive is not the one of the note any more, either.
    expect(failed).toEqual(expect.arrayContaining(['archive', 'contents', check]));
    expect(passes(checks)).toBe(false);
    expect(parseNote(await readFile(noteOf(file), 'utf8'))?.verified).toMatchObject({ passed: false });
  });

  it('fails where Terraform cannot install providers out of it, in its words', async () => {
    const { file } = await small.pack();
    const run: VerifyPackPorts['run'] = (program, args, surrounded) =>
      program === process.execPath
        ? runIn(program, args, surrounded)
        : Promise.resolve({ exitCode: 1, output: 'no available releases match' });
    const { checks } = await verifyPack(file, { onPhase: silent, run });
    expect(checks.find(({ name }) => name === 'providers')).toMatchObject({
      outcome: 'fail',
      found: 'terraform init ended with 1: no available releases match',
    });
  });

  it('says that another archive is none of its own', async () => {
    await mkdir(small.output);
    const file = join(small.output, 'other.tar.gz');
    await writeArchive(file, small.project, ['package.json'], silent);
    await expect(verifyPack(file, { onPhase: silent })).rejects.toThrow(/is no archive of two-region pack/);
  });
});

describe('an unpacked archive (B25)', () => {
  it('gives commands its Terraform and providers, unless somebody names others; no other folder does', async () => {
    await small.write('.two-region/offline/manifest.json', '{}');
    await small.write('.two-region/offline/providers/index', '');
    await small.write(terraformFile('.', thisPlatform()), '');
    const own: NodeJS.ProcessEnv = {};
    useOfflineParts(own, small.project);
    expect(own).toEqual({
      TERRAFORM_BINARY_NAME: terraformFile(small.project, thisPlatform()),
      TF_CLI_ARGS_init: `"-plugin-dir=${join(small.project, '.two-region/offline/providers')}"`,
      CHECKPOINT_DISABLE: '1',
    });
    const set = { TERRAFORM_BINARY_NAME: 'tofu', TF_CLI_ARGS_init: '-upgrade', CHECKPOINT_DISABLE: '' };
    const kept = { ...set };
    useOfflineParts(kept, small.project);
    expect(kept).toEqual(set);
    await rm(join(small.project, '.two-region/offline/manifest.json'));
    const none: NodeJS.ProcessEnv = {};
    useOfflineParts(none, small.project);
    expect(none).toEqual({});
  });
});
