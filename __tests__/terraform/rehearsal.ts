import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '#stacks/settings/index.ts';
import { prepareAccount } from './support/account.ts';
import { Moto } from './support/moto.ts';
import checkRequirements from './support/requirements.ts';
import { BUCKET_POLICIES, DOMAIN_STATUS } from './support/transformations.ts';
import { WarmProviders } from './support/warm-providers.ts';

/*
 * `npm run rehearsal`: an AWS account on this machine, by moto, with what has to be there before a first deploy. It lasts until Ctrl-C.
 * Another terminal takes the environment that it writes, and every command of docs/operations.md is given as for AWS.
 */

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
checkRequirements();
const folder = join(process.cwd(), '.two-region/rehearsal');
await rm(folder, { recursive: true, force: true });
await Promise.all(['plugins', 'providers'].map((name) => mkdir(join(folder, name), { recursive: true })));
const moto = await Moto.start();
const providers = await WarmProviders.start(join(folder, 'providers'), moto.environment);
const parameters = join(folder, 'parameters.json');
await writeFile(parameters, JSON.stringify(await prepareAccount(moto, loadSettings('settings.conf')), undefined, 2));
const environment = {
  ...moto.environment,
  TERRAFORM_BINARY_NAME: fileURLToPath(new URL('support/terraform-for-emulator.sh', import.meta.url)),
  WARM_PROVIDERS: providers.folder,
  TF_PLUGIN_CACHE_DIR: join(folder, 'plugins'),
  TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
};
const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
const file = join(folder, 'environment.sh');
await writeFile(file, `${lines.join('\n')}\n`);
console.log(`An AWS account is at ${moto.url}, empty but for a hosted zone and certificates. It is gone after Ctrl-C.
In another terminal, in this folder:

  . .two-region/rehearsal/environment.sh
  npx two-region bootstrap dev
  npx two-region params put dev --file .two-region/rehearsal/parameters.json
  npx two-region deploy dev

${DOMAIN_STATUS}; ${BUCKET_POLICIES}.
What moto lacks is left out of the stacks: see __tests__/terraform/support/transformations.ts.`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await Promise.all([moto.stop(), providers.stop()]);
await rm(folder, { recursive: true, force: true });
