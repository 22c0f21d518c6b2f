import { connectControl } from '#local/control/client.ts';
import type { RegionsMessage } from '#local/control/regions-schema.ts';
import { type CommandFlags, runCommand } from '#operator/cli/run-command.ts';
import type { RegionType } from '#stacks/context.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

/** Prints the variables of one region of the runtime in the working directory, as lines for a shell. */
export function printEnvironment(region: RegionType, flags: CommandFlags): Promise<void> {
  const work = async () => clientVariables(await (await connectControl(projectFolder())).regions(), region);
  return runCommand(flags, work, { text: describeVariables });
}

/**
 * What AWS CLI and SDKs read to use a region's services.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints", "AWS access keys".
 */
export function clientVariables(
  { regions, credentials: { operator } }: Pick<RegionsMessage, 'credentials' | 'regions'>,
  type: RegionType,
): Readonly<Record<string, string>> {
  const { region, services } = regions[type];
  const endpoints = Object.entries(services).map(([name, url]) => [`AWS_ENDPOINT_URL_${name.toUpperCase()}`, url]);
  return {
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_REGION: region,
    // The AWS CLI reads this one alone.
    AWS_DEFAULT_REGION: region,
    ...Object.fromEntries(endpoints),
  };
}

/** Lines that a POSIX shell evaluates. A session's token, which these credentials have none of, is taken away. */
export function describeVariables(variables: Readonly<Record<string, string>>): string {
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  return [
    'unset AWS_SESSION_TOKEN AWS_PROFILE AWS_ENDPOINT_URL',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ].join('\n');
}
