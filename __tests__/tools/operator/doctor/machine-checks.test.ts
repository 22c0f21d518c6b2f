import { describe, expect, it } from 'vitest';
import { type Check, makeChecks } from '#operator/doctor/check.ts';
import { isAtLeast, type Machine, machineChecks } from '#operator/doctor/machine-checks.ts';
import { TerraformMissingError } from '#operator/terraform/terraform-error.ts';
import { parseSettings } from '#stacks/settings/index.ts';

const packages: Readonly<Record<string, string>> = {
  cdktf: '0.21.0',
  'cdktf-cli': '0.21.0',
  constructs: '10.4.2',
  '@cdktf/provider-aws': '21.22.1',
  '@cdktf/provider-archive': '11.0.1',
};
const lock = (version: string) => `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n}\n`;
const healthy: Machine = {
  nodeVersion: 'v20.19.0',
  manifest: async () => ({ engines: { node: '>=20.19' }, dependencies: packages }),
  installed: async (name) => packages[name],
  terraform: async () => '{"terraform_version": "1.7.0"}',
  locks: async () => ({ project: lock('5.100.0'), stacks: [lock('5.100.0')] }),
  settings: async () => ['dev', 'prod'],
  runtime: async () => ({ stage: 'dev', entry: 'http://127.0.0.1:3000' }),
};

async function verdictOf(name: string, machine: Partial<Machine>) {
  const results = await makeChecks(machineChecks({ ...healthy, ...machine }));
  return results.find((result) => result.name === name);
}

describe('doctor: the provider that is locked (B29)', () => {
  it.each([
    ['', [], 'fail', /locks no AWS provider/, /git checkout .*two-region providers lock/],
    [lock('4.67.0'), [], 'fail', /hashicorp\/aws 4\.67\.0, needed is >= 5\.100\.0/, /--upgrade/],
    [lock('6.25.0'), [], 'warn', /6\.22 to 6\.39 plan the same change/, /--upgrade/],
    [lock('6.40.0'), [lock('5.100.0')], 'warn', /cdktf\.out hold 5\.100\.0/, /two-region synth/],
  ] as const)('%j with %j: %s', async (project, stacks, outcome, found, fix) => {
    const verdict = await verdictOf('providers', { locks: async () => ({ project, stacks }) });
    expect(verdict).toMatchObject({
      outcome,
      found: expect.stringMatching(found),
      fix: expect.stringMatching(fix),
    });
  });
});

describe('doctor: this machine', () => {
  it('is well with what the project needs', async () => {
    const results = await makeChecks(machineChecks(healthy));
    expect(results.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'Node.js ok',
      'Terraform ok',
      'providers ok',
      'packages ok',
      'settings.conf ok',
      'local runtime ok',
    ]);
  });

  it.each([
    ['Node.js', { nodeVersion: 'v18.20.4' }, /v18\.20\.4, needed is 20\.19 or newer/, /nodejs\.org/],
    [
      'Terraform',
      { terraform: async () => '{"terraform_version":"1.6.6"}' },
      /1\.6\.6, needed is 1\.7/,
      /newer Terraform/,
    ],
    ['Terraform', { terraform: async () => 'Terraform v0.11' }, /no version that can be read/, /TERRAFORM_BINARY_NAME/],
    ['packages', { installed: async () => undefined }, /cdktf is not installed, package\.json has 0\.21\.0/, /npm ci/],
    [
      'packages',
      { installed: async (name: string) => (name === 'cdktf' ? '0.20.0' : packages[name]) },
      /^cdktf is 0\.20\.0, package\.json has 0\.21\.0$/,
      /npm ci/,
    ],
  ])('fails in %s when it is not what is needed, and says what to do', async (name, machine, found, fix) => {
    const verdict = await verdictOf(name, machine);
    expect(verdict?.outcome).toBe('fail');
    expect(verdict?.found).toMatch(found);
    expect(verdict?.fix).toMatch(fix);
  });

  it('takes the words of our own errors: a missing Terraform, every mistake of the settings', async () => {
    const terraform = () => Promise.reject(new TerraformMissingError('terraform'));
    expect((await verdictOf('Terraform', { terraform }))?.found).toContain('no command "terraform"');
    const settings = async () => parseSettings('APP_NAME="a"\nNONSENSE="b"\n', 'settings.conf').stages;
    const verdict = await verdictOf('settings.conf', { settings });
    expect(`${verdict?.found}\n${verdict?.fix}`).toMatch(/NONSENSE.+PRIMARY_REGION/s);
  });

  it('needs no local runtime', async () => {
    const verdict = await verdictOf('local runtime', { runtime: async () => undefined });
    expect(verdict).toMatchObject({ outcome: 'skipped', fix: expect.stringContaining('npm start') });
  });
});

describe('doctor: checks', () => {
  const check = (name: string, look: Check['look']): Check => ({ about: 'a', name, look });

  it('are made at the same time, and told in their order', async () => {
    let finishFirst: () => void = () => undefined;
    const first = check(
      'first',
      () => new Promise((resolve) => (finishFirst = () => resolve({ outcome: 'ok', found: '1' }))),
    );
    const second = check('second', async () => {
      finishFirst();
      return { outcome: 'ok', found: '2' };
    });
    expect((await makeChecks([first, second])).map(({ found }) => found)).toEqual(['1', '2']);
  });

  it('fail when they throw or never answer, each by itself', async () => {
    const results = await makeChecks(
      [
        check('throws', () => Promise.reject(new Error('no\nMend it.'))),
        check('hangs', () => new Promise(() => undefined)),
        check('answers', async () => ({ outcome: 'ok', found: 'yes' })),
      ],
      20,
    );
    expect(results).toEqual([
      { about: 'a', name: 'throws', outcome: 'fail', found: 'no', fix: 'Mend it.' },
      { about: 'a', name: 'hangs', outcome: 'fail', found: 'no answer within 0.02 s', fix: expect.any(String) },
      { about: 'a', name: 'answers', outcome: 'ok', found: 'yes' },
    ]);
  });
});

describe('versions', () => {
  it.each([
    ['v20.19.0', '20.19', true],
    ['20.9.0', '20.19', false],
    ['22.0.0', '20.19', true],
    ['1.5', '1.5.0', true],
    ['1.10.0-beta1', '1.9', true],
    ['0.13.7', '1.5', false],
  ])('%s is at least %s: %s', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
