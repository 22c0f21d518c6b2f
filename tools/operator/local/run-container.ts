import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { corsVariable } from '#container/cors.ts';
import { buildContainer } from '#container/image/build.ts';
import { connectControl } from '#local/control/client.ts';
import type { RegionsMessage } from '#local/control/regions-schema.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { parameterPath } from '#stacks/naming.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { clientVariables } from './print-environment.ts';

export interface ContainerFlags {
  readonly port: number;
}

interface Ended {
  readonly code: number;
}

/** Bundles the container API and runs it against one region of the running runtime, until SIGINT or SIGTERM. */
export function runContainer(region: RegionType, { port }: ContainerFlags): Promise<void> {
  const work = async (): Promise<Ended> => {
    const directory = projectFolder();
    const message = await (await connectControl(directory)).regions();
    const bundle = await buildContainer(join(directory, '.two-region/container'));
    const variables = containerVariables(message, region, loadStageContext(message.stage));
    // What would win over the runtime's credentials stays away.
    const { AWS_SESSION_TOKEN: _, AWS_PROFILE: __, AWS_ENDPOINT_URL: ___, ...inherited } = process.env;
    // At Ctrl-C nothing needs to be told that no more shall come.
    const local = { HOST: '127.0.0.1', PORT: String(port), LINGER_SECONDS: '0' };
    const child = spawn(process.execPath, ['--enable-source-maps', bundle], {
      stdio: 'inherit',
      env: { ...local, ...inherited, ...variables, PORT: String(port) },
    });
    // A terminal sends SIGINT to both; this process ends when the service has.
    const ignore = () => undefined;
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore).on('SIGTERM', pass);
    const [code] = await once(child, 'exit');
    process.off('SIGINT', ignore).off('SIGTERM', pass);
    return { code: typeof code === 'number' ? code : 1 };
  };
  return runCommand({}, work, { text: () => undefined, exitCode: ({ code }) => (code === 0 ? 0 : 1) });
}

/** What the container is told in one region: where the services are, the names that the region's functions are given, and where the keys are. */
export function containerVariables(
  message: Pick<RegionsMessage, 'credentials' | 'regions'>,
  type: RegionType,
  context: StageContext,
): Readonly<Record<string, string>> {
  const environments = message.regions[type].functions
    .flatMap(({ versions }) => versions)
    .map((each) => each.environment);
  return {
    ...Object.fromEntries(environments.flatMap((environment) => Object.entries(environment))),
    ...clientVariables(message, type),
    API_KEYS_PARAMETER: parameterPath(context, 'api_key'),
    APP_NAME: context.settings.appName,
    // The functions' own has nothing for preflights: gateways answer those.
    CORS: corsVariable(context.settings.cors),
  };
}
