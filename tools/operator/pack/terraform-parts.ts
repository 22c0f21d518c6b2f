import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { pluginCache } from '#operator/terraform/open-terraform.ts';
import { TerraformError } from '#operator/terraform/terraform-error.ts';
import { runTerraform } from '#operator/terraform/terraform-process.ts';
import { PROVIDER_LOCK } from '#stacks/terraform/provider-lock.ts';
import { TERRAFORM_MINIMUM } from '#stacks/terraform/versions.ts';
import { filesBelow, type PackedFile } from './content.ts';
import { OFFLINE } from './layout.ts';

/** Terraform as this machine has it. */
export interface InstalledTerraform {
  readonly version: string;
  /** `linux_amd64` */
  readonly platform: string;
  /** The program itself; `undefined` where a script stands before it, such as a version manager's. */
  readonly file: string | undefined;
}

const versionSchema = z.object({ terraform_version: z.string(), platform: z.string() });

/** @throws TerraformMissingError; TerraformError where it does not say its version */
export async function installedTerraform(folder: string): Promise<InstalledTerraform> {
  const output = await terraform(['version', '-json'], folder, { ...process.env, CHECKPOINT_DISABLE: '1' });
  const { terraform_version: version, platform } = versionSchema.parse(JSON.parse(output));
  const name = process.env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const found = /[/\\]/.test(name)
    ? name
    : (process.env.PATH ?? '')
        .split(delimiter)
        .flatMap((each) => [join(each, name), join(each, `${name}.exe`)])
        .find((each) => existsSync(each));
  const file = found === undefined ? undefined : await realpath(found);
  return { version, platform, file: file === undefined || (await isScript(file)) ? undefined : file };
}

async function isScript(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') === '#!';
  } finally {
    await handle.close();
  }
}

const stackSchema = z.object({
  terraform: z.object({
    required_providers: z.optional(z.record(z.string(), z.object({ source: z.string(), version: z.string() }))),
  }),
});

/** What a stack asks of registries. */
export type RequiredProviders = Readonly<Record<string, { readonly source: string; readonly version: string }>>;

/** @param file - a stack's JSON */
export async function requiredProviders(file: string): Promise<RequiredProviders> {
  return stackSchema.parse(JSON.parse(await readFile(file, 'utf8'))).terraform.required_providers ?? {};
}

interface ProviderPlace {
  /** Of settings.conf, with the lock file. */
  readonly project: string;
  /** For Terraform to work in. */
  readonly work: string;
  /** What is to be packed. */
  readonly staging: string;
}

/**
 * The providers of the lock file: for this machine's platform as `terraform init` installs them, wherever it gets them from; for others by
 * `terraform providers mirror`, which always asks their registry.
 *
 * @param others - platforms beside this machine's
 * @returns files, and each provider's version by its address
 * @throws TerraformError in Terraform's words
 */
export async function gatherProviders(
  required: RequiredProviders,
  others: readonly string[],
  { project, work, staging }: ProviderPlace,
): Promise<{ readonly files: readonly PackedFile[]; readonly versions: Readonly<Record<string, string>> }> {
  const block = { required_version: `>= ${TERRAFORM_MINIMUM}`, required_providers: required };
  await writeFile(join(work, 'main.tf.json'), JSON.stringify({ terraform: block }));
  await copyFile(join(project, PROVIDER_LOCK), join(work, PROVIDER_LOCK));
  const environment = { ...(await pluginCache()), ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
  const providers = join(staging, OFFLINE, 'providers');
  await mkdir(providers, { recursive: true });
  if (others.length > 0) {
    const platforms = others.map((each) => `-platform=${each}`);
    await terraform(['providers', 'mirror', ...platforms, providers], work, environment);
  }
  await terraform(['init', '-backend=false', '-input=false', '-no-color'], work, environment);
  const versions: Record<string, string> = {};
  const installed = join(work, '.terraform/providers');
  for (const path of await folders(installed, 5)) {
    const [host, namespace, type, version = ''] = path.split('/');
    versions[`${host}/${namespace}/${type}`] = version;
    await mkdir(dirname(join(providers, path)), { recursive: true });
    await symlink(await realpath(join(installed, path)), join(providers, path), 'junction');
  }
  return { files: await packedProviders(providers), versions };
}

/** A mirror's files: folders of other platforms' packages, and links to folders of what is installed here. */
async function packedProviders(providers: string): Promise<readonly PackedFile[]> {
  const start = `${OFFLINE}/providers/`;
  const linked = (await folders(providers, 5)).map(async (path) =>
    filesBelow(await realpath(join(providers, path)), `${start}${path}/`),
  );
  const mirrored = (await filesBelow(providers, start)).filter(({ path }) => /\.(zip|json)$/.test(path));
  return [...(await Promise.all(linked)).flat(), ...mirrored];
}

/** Folders, or links to some, at a depth: `registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64`. */
async function folders(folder: string, depth: number, below = ''): Promise<readonly string[]> {
  if (depth === 0) return [below];
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => folders(folder, depth - 1, below === '' ? name : `${below}/${name}`));
  return (await Promise.all(found)).flat();
}

/** @returns its standard output @throws TerraformError */
async function terraform(args: readonly string[], folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const lines: string[] = [];
  const { exitCode, stderr } = await runTerraform(args, { folder, environment, onLine: (line) => lines.push(line) });
  if (exitCode === 0) return lines.join('\n');
  const what = `terraform ${args.slice(0, 2).join(' ')} ended with ${exitCode}.`;
  throw new TerraformError(`Nothing was packed: ${what}\n${stderr.trim() || lines.join('\n')}`);
}
