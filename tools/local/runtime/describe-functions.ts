import type { RegionMessage } from '#local/control/regions-schema.ts';
import { mayInvoke } from '#local/gateway/invoke-permission.ts';
import type { LambdaFunction, RegionModel } from '#local/model/model.ts';

type FunctionMessage = RegionMessage['functions'][number];

/** A region as one environment's release has it. */
export interface ReleasedRegion {
  readonly region: RegionModel;
  /** By name. */
  readonly pinned: { has(functionName: string): boolean };
}

/**
 * The functions of one region with the versions that environments lead to. An environment's alias is that of its own release.
 *
 * @param releases - environment → the region as it is released there, and the functions that are pinned
 */
export function describeFunctions(releases: ReadonlyMap<string, ReleasedRegion>): FunctionMessage[] {
  const described = new Map<string, FunctionMessage>();
  for (const [environment, { region, pinned }] of releases) {
    for (const each of region.functions) {
      // No release's: a schedule's, for example.
      if (each.aliases.length === 0) continue;
      const alias = each.aliases.find(({ name }) => name === environment);
      const message = described.get(each.name) ?? {
        name: each.name,
        versions: [],
        aliases: {},
        weights: {},
        pinned: [],
        invokers: {},
        records: {},
      };
      described.set(each.name, message);
      if (!alias) continue;
      message.aliases[environment] = alias.functionVersion;
      if (alias.weighted) message.weights[environment] = { [alias.weighted.version]: alias.weighted.share };
      if (pinned.has(each.name)) message.pinned.push(environment);
      message.invokers[environment] = invokersOf(each, environment);
      const record = each.records?.[environment];
      if (record) message.records[environment] = JSON.stringify(record);
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
  const { codeSha256, handler, runtime, memoryMb, timeoutSeconds, roleArn, environment } = each;
  return {
    version,
    codeSha256,
    handler,
    ...(runtime !== undefined && { runtime }),
    memoryMb,
    timeoutSeconds,
    roleArn,
    environment: { ...environment },
  };
}
