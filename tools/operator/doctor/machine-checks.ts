import * as z from 'zod/mini';
import type { Verdict } from '#operator/account/verdict.ts';
import { lockedVersion, PROVIDER_LOCK } from '#stacks/terraform/provider-lock.ts';
import { AWS_PROVIDER_VERSIONS, isInRange, isRestless, TERRAFORM_MINIMUM } from '#stacks/terraform/versions.ts';
import type { Check } from './check.ts';

const versionSchema = z.object({ terraform_version: z.string() });

/** What a laptop is asked. */
export interface Machine {
  /** `v20.19.0` */
  readonly nodeVersion: string;
  /** What package.json of the project says. */
  readonly manifest: () => Promise<Manifest>;
  /** Version of a package in node_modules; `undefined` when it isn't there. */
  readonly installed: (name: string) => Promise<string | undefined>;
  /** Output of `terraform version -json`. @throws TerraformMissingError */
  readonly terraform: () => Promise<string>;
  /** Text of the project's lock file of providers, `undefined` where there is none; then of the stacks' that were synthesized here. */
  readonly locks: () => Promise<{ readonly project: string | undefined; readonly stacks: readonly string[] }>;
  /** Reads and checks settings.conf. @returns its stages @throws SettingsError */
  readonly settings: () => Promise<readonly string[]>;
  /** The local runtime of this folder: what it runs and where; `undefined` when there is none. */
  readonly runtime: () => Promise<{ readonly stage: string; readonly entry: string } | undefined>;
}

export interface Manifest {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What has to be of one release: the bindings are generated for this cdktf, and its command line reads what it writes. */
const PACKAGES = ['cdktf', 'cdktf-cli', 'constructs', '@cdktf/provider-aws', '@cdktf/provider-archive'];

/** Everything that is needed without an AWS account. */
export function machineChecks(machine: Machine): readonly Check[] {
  const about = 'this machine';
  return [
    { about, name: 'Node.js', look: () => checkNode(machine) },
    { about, name: 'Terraform', look: () => checkTerraform(machine) },
    { about, name: 'providers', look: () => checkProviders(machine) },
    { about, name: 'packages', look: () => checkPackages(machine) },
    { about, name: 'settings.conf', look: () => checkSettings(machine) },
    { about, name: 'local runtime', look: () => checkRuntime(machine) },
  ];
}

async function checkNode({ nodeVersion, manifest }: Machine): Promise<Verdict> {
  const needed = (await manifest()).engines.node.replace(/^>=\s*/, '');
  if (isAtLeast(nodeVersion, needed)) return { outcome: 'ok', found: nodeVersion };
  return {
    outcome: 'fail',
    found: `${nodeVersion}, needed is ${needed} or newer`,
    fix: 'Install a current Node.js: nodejs.org, or nvm install --lts.',
  };
}

async function checkTerraform({ terraform }: Machine): Promise<Verdict> {
  const found = parsedVersion(await terraform());
  if (found !== undefined && isAtLeast(found, TERRAFORM_MINIMUM)) return { outcome: 'ok', found };
  return {
    outcome: 'fail',
    found: `${found ?? 'no version that can be read'}, needed is ${TERRAFORM_MINIMUM} or newer`,
    fix: 'Install a newer Terraform (developer.hashicorp.com/terraform/install), or name another one in TERRAFORM_BINARY_NAME.',
  };
}

async function checkProviders({ locks }: Machine): Promise<Verdict> {
  const { project, stacks } = await locks();
  const version = project === undefined ? undefined : lockedVersion(project);
  const renew = 'two-region providers lock';
  if (version === undefined) {
    return {
      outcome: 'fail',
      found: `${PROVIDER_LOCK} locks no AWS provider`,
      fix: `git checkout ${PROVIDER_LOCK}, or ${renew}`,
    };
  }
  const found = `hashicorp/aws ${version}`;
  if (!isInRange(version)) {
    return { outcome: 'fail', found: `${found}, needed is ${AWS_PROVIDER_VERSIONS}`, fix: `${renew} --upgrade` };
  }
  if (isRestless(version)) {
    const why = "6.22 to 6.39 plan the same change of the buckets' encryption for ever";
    return { outcome: 'warn', found: `${found}; ${why}`, fix: `${renew} --upgrade` };
  }
  const others = new Set(stacks.map((text) => lockedVersion(text) ?? 'none').filter((held) => held !== version));
  if (others.size === 0) return { outcome: 'ok', found };
  const differing = `${found}; folders of stacks in cdktf.out hold ${[...others].join(', ')}`;
  return { outcome: 'warn', found: differing, fix: 'Synthesize again: two-region synth STAGE' };
}

async function checkPackages({ manifest, installed }: Machine): Promise<Verdict> {
  const { dependencies } = await manifest();
  const found = await Promise.all(PACKAGES.map(async (name) => [name, await installed(name)] as const));
  const wrong = found.filter(([name, version]) => version !== dependencies[name]);
  if (wrong.length === 0) return { outcome: 'ok', found: found.map((each) => each.join(' ')).join(', ') };
  const differences = wrong.map(
    ([name, version]) => `${name} is ${version ?? 'not installed'}, package.json has ${dependencies[name] ?? 'none'}`,
  );
  return { outcome: 'fail', found: differences.join('; '), fix: 'Install what the lock file says: npm ci' };
}

async function checkSettings({ settings }: Machine): Promise<Verdict> {
  return { outcome: 'ok', found: `stages ${(await settings()).join(', ')}` };
}

async function checkRuntime({ runtime }: Machine): Promise<Verdict> {
  const running = await runtime();
  if (running === undefined)
    return { outcome: 'skipped', found: 'none runs in this folder', fix: 'Start one: npm start' };
  return { outcome: 'ok', found: `stage ${running.stage} at ${running.entry}` };
}

/** Reads `terraform version -json`; `undefined` for anything else. Source: Terraform documentation, "Command: version". */
function parsedVersion(output: string): string | undefined {
  try {
    return versionSchema.safeParse(JSON.parse(output)).data?.terraform_version;
  } catch {
    return undefined;
  }
}

/** Whether a version is at least another: `20.19.0` is at least `20.19`. What follows a hyphen doesn't count. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [numbers(version), numbers(minimum)];
  for (const [at, wanted] of need.entries()) {
    const found = have[at] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

function numbers(version: string): number[] {
  return version.replace(/^v/, '').replace(/-.*/, '').split('.').map(Number);
}
