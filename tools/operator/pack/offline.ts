import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { MANIFEST, providersFolder, terraformFile, thisPlatform } from './layout.ts';

/**
 * In an unpacked archive every command takes Terraform and providers out of it, whatever the machine has. What somebody has set stays, and any other
 * folder is left as it is.
 *
 * Source: Terraform documentation, "Command: init", `-plugin-dir`; "Environment Variables", `TF_CLI_ARGS_name`.
 *
 * @param environment - is added to. @default - this process's
 * @param folder - of the project. @default - the one that the command is given for
 */
export function useOfflineParts(environment: NodeJS.ProcessEnv = process.env, folder = projectFolder()): void {
  if (!existsSync(join(folder, MANIFEST))) return;
  const terraform = terraformFile(folder, thisPlatform());
  if (existsSync(terraform)) environment.TERRAFORM_BINARY_NAME ??= terraform;
  const providers = providersFolder(folder);
  // Terraform reads it as a shell would: a backslash would be taken away.
  if (existsSync(providers)) environment.TF_CLI_ARGS_init ??= `"-plugin-dir=${providers.replaceAll('\\', '/')}"`;
  environment.CHECKPOINT_DISABLE ??= '1';
}
