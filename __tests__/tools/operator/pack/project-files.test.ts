import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeContent, mayBeSecret, projectFiles, secretsIn } from '#operator/pack/project-files.ts';
import { ACCESS_KEY, type SmallProject, smallProject } from './small-project.ts';

describe.each([{ git: true }, { git: false }])(
  'what of a project is packed, $git for a work tree of git (B25)',
  (kind) => {
    let small: SmallProject;
    beforeEach(async () => {
      small = await smallProject(kind);
    });
    afterEach(() => small.remove());

    it('is all but tests, what is made anew, and what may hold secrets, which is named', async () => {
      const { files, leftOut } = await projectFiles(small.project);
      expect(files.map(({ path }) => path).sort()).toEqual([
        ...[
          '.env.example',
          '.gitignore',
          '.terraform.lock.hcl',
          'README.md',
          'docs/operations.md',
          'package-lock.json',
        ],
        ...['package.json', 'settings.conf', 'tools/operator/two-region.mjs'],
      ]);
      expect(leftOut.toSorted()).toEqual(['.env', 'old/terraform.tfstate', 'prod.auto.tfvars']);
    });

    it('has a hash that a document does not change, and a source does', async () => {
      const { sha256 } = await codeContent(small.project);
      await small.write('docs/operations.md', 'How else to.\n');
      expect((await codeContent(small.project)).sha256).toBe(sha256);
      await small.write('settings.conf', 'STAGES=( "dev" "prod" )\n');
      expect((await codeContent(small.project)).sha256).not.toBe(sha256);
    });

    it.each([
      ['an access key of AWS', ACCESS_KEY],
      ['a secret access key of AWS', `aws_secret_access_key = ${'wJalrXUtnF'.repeat(4)}`],
      ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}`],
      ['a token of a registry', '//registry.example.com/:_authToken=npm_abcdef'],
    ])('is looked through for %s', async (what, text) => {
      await small.write('tools/odd.ts', text);
      await small.write('tools/sample.ts', "const key = 'AKIAIOSFODNN7EXAMPLE';\n//r/:_authToken=${TOKEN}");
      expect(await secretsIn((await projectFiles(small.project)).files)).toEqual([`tools/odd.ts holds ${what}.`]);
    });
  },
);

it('files that secrets are kept in are told by their names', () => {
  for (const path of [
    '.env.production',
    'a/terraform.tfstate.backup',
    'x.tfvars.json',
    'key.pem',
    '.aws/credentials',
  ]) {
    expect([path, mayBeSecret(path)]).toEqual([path, true]);
  }
  for (const path of ['functions/environment.ts', 'tools/operator/keys/key-stacks.ts', '.env.example']) {
    expect([path, mayBeSecret(path)]).toEqual([path, false]);
  }
});
