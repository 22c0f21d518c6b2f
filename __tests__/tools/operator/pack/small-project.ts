import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { thisPlatform } from '#operator/pack/layout.ts';
import { type PackOptions, type PackPorts, packStage } from '#operator/pack/pack-stage.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

/** Nobody's, of the right form; in two halves, for scanners. */
export const ACCESS_KEY = 'AKIA'.concat('ABCDEFGHIJKLMNOP');

const STACK = JSON.stringify({
  terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
});

/** A command line that synthesizes one stack, out of one package. */
const TWO_REGION = `import { mkdirSync, writeFileSync } from 'node:fs';
import stack from 'needed';
const args = process.argv.slice(2);
if (args[0] === '--help') console.log('Usage: two-region');
if (args[0] === 'synth') {
  const folder = args[args.indexOf('--outdir') + 1] + '/stacks/dev-data';
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/cdk.tf.json', stack);
}
`;

/** Terraform, as far as a pack asks it: \`init\` installs an AWS provider, \`providers mirror\` packs one for each platform. */
const TERRAFORM = `#!/usr/bin/env node
const { mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === 'version') console.log(JSON.stringify({ terraform_version: '1.11.4', platform: '${thisPlatform()}' }));
if (args[0] === 'init') {
  const folder = '.terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0/${thisPlatform()}';
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/terraform-provider-aws', 'provider');
}
if (args[1] === 'mirror') {
  const folder = args.at(-1) + '/registry.terraform.io/hashicorp/aws';
  mkdirSync(folder, { recursive: true });
  for (const each of args.filter((arg) => arg.startsWith('-platform='))) {
    writeFileSync(folder + '/terraform-provider-aws_5.100.0_' + each.slice(10) + '.zip', 'zip');
  }
}
`;

const FILES: Readonly<Record<string, string>> = {
  'settings.conf': 'STAGES=( "dev" )\n',
  'package.json': '{"type":"module"}\n',
  'package-lock.json': JSON.stringify({
    packages: {
      '': {},
      'node_modules/needed': {},
      'node_modules/tests': { dev: true },
      'node_modules/other-system': { optional: true },
    },
  }),
  '.terraform.lock.hcl': '',
  '.gitignore': 'node_modules/\n.two-region/\n',
  'README.md': 'Read me.\n',
  'docs/operations.md': 'How to.\n',
  'tools/operator/two-region.mjs': TWO_REGION,
  '__tests__/some.test.ts': `// ${ACCESS_KEY}\n`,
  '.env': 'TOKEN=1\n',
  '.env.example': 'TOKEN=\n',
  'prod.auto.tfvars': 'password = 1\n',
  'old/terraform.tfstate': '{}',
  'node_modules/needed/package.json': '{"name":"needed","type":"module","main":"index.js"}',
  'node_modules/needed/index.js': `export default ${JSON.stringify(STACK)};\n`,
  'node_modules/needed/index.d.ts': 'declare const stack: string;\n',
  'node_modules/needed/index.js.map': '{}',
  'node_modules/tests/package.json': '{"name":"tests"}',
  '.two-region/local/state.json': '{}',
};

/** A project of a few files in a work tree of git, with a Terraform of its own (TERRAFORM_BINARY_NAME is for the test to set). */
export async function smallProject({ git = true } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'two-region-small-'));
  const [project, output, terraform] = [join(root, 'project'), join(root, 'packs'), join(root, 'terraform')];
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  };
  for (const [path, text] of Object.entries(FILES)) await write(path, text);
  await writeFile(terraform, TERRAFORM);
  await chmod(terraform, 0o755);
  if (git) await promisify(execFile)('git', ['init', '--quiet', project]);
  const phases: string[] = [];
  const synthesize: PackPorts['synthesize'] = async (stage, outdir) => {
    const file = join(outdir, 'stacks/dev-data/cdk.tf.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, STACK);
    const regions = { primary: 'eu-central-1', secondary: 'eu-west-1' };
    return { stage, regions, outdir, stacks: [{ name: 'dev-data', file }], variables: {}, parameters: {} };
  };
  return {
    ...{ root, project, output, terraform, write, phases },
    pack: (options: Partial<PackOptions> = {}, ports: Partial<PackPorts> = {}) =>
      packStage(
        context,
        { project, output, platforms: [], force: false, ...options },
        { synthesize, onPhase: (phase) => phases.push(phase), ...ports },
      ),
    remove: () => rm(root, { recursive: true }),
  };
}

export type SmallProject = Awaited<ReturnType<typeof smallProject>>;
