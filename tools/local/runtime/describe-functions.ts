import type { RegionMessage } from '#local/control/regions-schema.ts';
import { mayInvoke } from '#local/gateway/invoke-permission.ts';
import type { LambdaFunction, RegionModel } from '#local/model/model.ts';

type FunctionMessage = RegionMessage['functions'][number];

/**
 * The functions of one region with the versions that environments lead to. An environment's alias is that of its own release.
 *
 * @param releases - environment → the region as it is released there
 */
export function describeFunctions(releases: ReadonlyMap<string, RegionModel>): FunctionMessage[] {
  const described = new Map<string, FunctionMessage>();
  for (const [environment, { functions }] of releases) {
    for (const each of functions) {
      const alias = each.aliases.find(({ name }) => name === environment);
      const message = described.get(each.name) ?? { name: each.name, versions: [], aliases: {}, invokers: {} };
      described.set(each.name, message);
      if (!alias) continue;
      message.aliases[environment] = alias.functionVersion;
      message.invokers[environment] = invokersOf(each, environment);
      if (message.versions.some(({ version }) => version === alias.functionVersion)) continue;
      message.versions.push(describeVersion(each, alias.functionVersion));
    }
  }
  return [...described.values()];
}

function invokersOf({ permissions }: LambdaFunction, alias: string): string[] {
  return permissions
    .filter((permission) => permission.qualifier === alias && mayInvoke(permission))
    .map(({ sourceArn }) => sourceArn ?? '*');
}

function describeVersion(each: LambdaFunction, version: string): FunctionMessage['versions'][number] {
  const { codeSha256, handler, memoryMb, timeoutSeconds, roleArn, environment } = each;
  return { version, codeSha256, handler, memoryMb, timeoutSeconds, roleArn, environment: { ...environment } };
}
