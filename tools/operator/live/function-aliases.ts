import {
  type AliasRoutingConfiguration,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  paginateListAliases,
} from '@aws-sdk/client-lambda';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { PINNED } from '#stacks/naming.ts';
import type { LiveFunction } from './live-region.ts';

/** Every alias of a function with what its version is. @returns empty when there is no such function */
export async function functionAliases(
  client: LambdaClient,
  FunctionName: string,
): Promise<ReadonlyMap<string, LiveFunction>> {
  const aliases = (await unlessAbsent(listAliases(client, FunctionName))) ?? [];
  const versions = [...new Set(aliases.map(({ version }) => version))];
  const configurations = new Map(
    await Promise.all(
      versions.map(async (Qualifier) => {
        const command = new GetFunctionConfigurationCommand({ FunctionName, Qualifier });
        return [Qualifier, await unlessAbsent(client.send(command))] as const;
      }),
    ),
  );
  return new Map(
    aliases.map(({ name, version, isPinned, weights }) => {
      const configuration = configurations.get(version);
      const modified = configuration?.LastModified === undefined ? new Date(0) : new Date(configuration.LastModified);
      return [name, { version, codeSha256: configuration?.CodeSha256 ?? '', modified, isPinned, ...weights }];
    }),
  );
}

interface ListedAlias {
  readonly name: string;
  readonly version: string;
  readonly isPinned: boolean;
  readonly weights: Pick<LiveFunction, 'weights'>;
}

async function listAliases(client: LambdaClient, FunctionName: string): Promise<readonly ListedAlias[]> {
  const found: ListedAlias[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName })) {
    found.push(
      ...Aliases.map(({ Name = '', FunctionVersion = '', Description, RoutingConfig }) => ({
        name: Name,
        version: FunctionVersion,
        isPinned: Description === PINNED,
        weights: weightsOf(RoutingConfig),
      })),
    );
  }
  return found;
}

function weightsOf({ AdditionalVersionWeights = {} }: AliasRoutingConfiguration = {}): Pick<LiveFunction, 'weights'> {
  return Object.keys(AdditionalVersionWeights).length > 0 ? { weights: AdditionalVersionWeights } : {};
}
