import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformError } from '#operator/terraform/terraform-error.ts';
import { runTerraform } from '#operator/terraform/terraform-process.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { lockedVersion, PROVIDER_LOCK, readProviderLock } from '#stacks/terraform/provider-lock.ts';
import { AWS_PROVIDER_VERSIONS, TERRAFORM_MINIMUM } from '#stacks/terraform/versions.ts';

/** The machines that people and pipelines work at. */
const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64', 'windows_amd64'] as const;

export interface LockFlags {
  readonly upgrade?: true;
  /** @default PLATFORMS */
  readonly platform?: readonly string[];
  readonly json?: true;
}

const HEAD = `# Which provider every stack is planned and applied with, on every machine. \`two-region providers lock\` renews it.
# The archive provider is not in it: the stacks ask for one exact version of it.
`;

/**
 * Renews the project's lock file by Terraform itself: checksums of each platform, of the version that is locked, or of the newest one that the
 * stacks allow.
 *
 * @throws TerraformError in Terraform's words; the file stays as it was
 */
export async function runProvidersLock({ upgrade, platform = PLATFORMS, json }: LockFlags): Promise<void> {
  const directory = projectFolder();
  const before = await readProviderLock(directory);
  const folder = await mkdtemp(join(tmpdir(), 'two-region-providers-'));
  try {
    if (before !== undefined && !upgrade) await copyFile(join(directory, PROVIDER_LOCK), join(folder, PROVIDER_LOCK));
    const aws = { source: 'hashicorp/aws', version: AWS_PROVIDER_VERSIONS };
    const terraform = { required_version: `>= ${TERRAFORM_MINIMUM}`, required_providers: { aws } };
    await writeFile(join(folder, 'main.tf.json'), JSON.stringify({ terraform }));
    console.error(`Asking Terraform for the checksums of ${platform.join(', ')} …`);
    const args = ['providers', 'lock', '-no-color', ...platform.map((each) => `-platform=${each}`)];
    const environment = { ...process.env, CHECKPOINT_DISABLE: '1' };
    const { exitCode, stderr } = await runTerraform(args, {
      folder,
      environment,
      onLine: (line) => console.error(line),
    });
    if (exitCode !== 0) throw new TerraformError(`${PROVIDER_LOCK} stays as it was.\n${stderr.trim()}`);
    const [, ...providers] = (await readFile(join(folder, PROVIDER_LOCK), 'utf8')).split(/^(?=provider )/m);
    const text = `${HEAD}\n${providers.join('')}`;
    await writeFile(join(directory, PROVIDER_LOCK), text);
    const report = { version: lockedVersion(text), before: before && lockedVersion(before), changed: text !== before };
    console.log(json ? JSON.stringify(report) : describe(report));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function describe({ version, before, changed }: LockReport): string {
  if (!changed) return `hashicorp/aws stays ${version}; ${PROVIDER_LOCK} is as it was.`;
  const from = before === undefined || before === version ? '' : `, before it was ${before}`;
  return `hashicorp/aws is locked at ${version}${from}. Commit ${PROVIDER_LOCK}; stacks get it when they are synthesized.`;
}

interface LockReport {
  readonly version: string | undefined;
  readonly before: string | undefined;
  readonly changed: boolean;
}
