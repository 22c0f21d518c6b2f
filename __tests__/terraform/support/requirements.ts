import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** How a machine gets the emulators that it lacks. */
export const INSTALL = 'pip install -r __tests__/terraform/requirements.txt';

const REQUIREMENTS = [
  { command: 'terraform', args: ['version'], remedy: 'install Terraform 1.7 or newer' },
  { command: 'moto_server', args: ['--help'], remedy: `install moto's server: ${INSTALL}` },
];

/** Whether the machine has the second emulator. What is tested on it is left out, and said, where it isn't. */
export function hasMinistack(): boolean {
  return spawnSync('ministack', ['--help'], { stdio: 'ignore' }).status === 0;
}

/** Says plainly what the machine lacks, before the first test starts. */
export default function checkRequirements(): void {
  const missing = REQUIREMENTS.filter(
    ({ command, args }) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0,
  );
  const lines = missing.map(({ command, remedy }) => `  ${command} does not run: ${remedy}.`);
  if (!existsSync(process.env.TF_CLI_CONFIG_FILE ?? '')) {
    lines.push(
      '  TF_CLI_CONFIG_FILE names no file: name a CLI configuration whose provider_installation finds hashicorp/aws and hashicorp/archive,',
      '  for example a filesystem_mirror (Terraform documentation, "Explicit Installation Method Configuration").',
    );
  }
  if (lines.length > 0)
    throw new Error(`test:terraform needs real Terraform with its providers, and moto.\n${lines.join('\n')}`);
}
