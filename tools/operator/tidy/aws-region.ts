import { APIGatewayClient, DeleteDeploymentCommand } from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  DeleteDeploymentCommand as DeleteHttpDeploymentCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  LambdaClient,
  paginateListAliases,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { stateClients } from '#operator/aws/state-clients.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import { httpInventory, restInventory } from './gateway-inventory.ts';
import { type Inventory, type Leftover, type PackageVersion, UNKNOWN_TIME } from './leftovers.ts';
import { forgottenLogGroups } from './log-groups.ts';

/** One region of a stage as what piles up in it. */
export interface TidyRegion {
  /**
   * @param functions - of the contract and of what environments run
   * @param environments - that exist or that settings name
   * @param buckets - of packages, as records name them
   */
  readonly inventory: (
    functions: readonly string[],
    environments: readonly string[],
    buckets: readonly string[],
  ) => Promise<Inventory>;
  /** @throws what AWS refuses: Lambda, where an alias leads to the version by now; API Gateway, where a stage serves the deployment */
  readonly remove: (leftover: Leftover) => Promise<void>;
}

/** AWS in one region. Nothing is asked yet. */
export function awsTidyRegion(context: StageContext, regionType: RegionType): TidyRegion {
  const { region } = inRegion(context, regionType);
  const settings = clientSettings(accessOf(context), region);
  const lambda = new LambdaClient(settings);
  const rest = new APIGatewayClient(settings);
  const http = new ApiGatewayV2Client(settings);
  const logs = new CloudWatchLogsClient(settings);
  const { s3 } = stateClients(context, region);
  return {
    inventory: async (functions, environments, buckets) => {
      const [versions, packages, restApi, httpApi, logGroups, storage] = await Promise.all([
        Promise.all(functions.map((name) => functionInventory(lambda, functionName(context, name), name))),
        Promise.all(buckets.map((bucket) => packageVersions(s3, bucket))),
        restInventory(rest, prefix(context)),
        httpInventory(http, prefix(context)),
        forgottenLogGroups(logs, context, functions, environments),
        storageOf(lambda),
      ]);
      return {
        functions: versions.flat(),
        packages: packages.flat(),
        apis: [...restApi, ...httpApi],
        logGroups,
        ...(storage && { storage }),
      };
    },
    remove: async (leftover) => {
      switch (leftover.kind) {
        case 'version': {
          const { name: FunctionName, version: Qualifier } = leftover;
          // Without a qualifier it would be the function.
          if (!/^\d+$/.test(Qualifier)) throw new Error(`${Qualifier} of ${FunctionName} is no published version.`);
          await unlessAbsent(lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier })));
          return;
        }
        case 'package': {
          const { bucket: Bucket, key: Key, versionId: VersionId } = leftover;
          // Without a version it would be hidden, not deleted.
          if (VersionId === '') throw new Error(`${Key} of ${Bucket} has no version.`);
          await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
          return;
        }
        case 'deployment': {
          const { api, apiId, id } = leftover;
          if (api === 'rest') {
            await unlessAbsent(rest.send(new DeleteDeploymentCommand({ restApiId: apiId, deploymentId: id })));
          } else await unlessAbsent(http.send(new DeleteHttpDeploymentCommand({ ApiId: apiId, DeploymentId: id })));
          return;
        }
        case 'log group':
          await unlessAbsent(logs.send(new DeleteLogGroupCommand({ logGroupName: leftover.name })));
      }
    },
  };
}

async function functionInventory(client: LambdaClient, name: string, fn: string): Promise<Inventory['functions']> {
  const read = async () => {
    const versions: Inventory['functions'][number]['versions'][number][] = [];
    for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName: name })) {
      versions.push(
        ...Versions.map(({ Version = '', CodeSize = 0, LastModified }) => ({
          version: Version,
          bytes: CodeSize,
          made: LastModified === undefined ? UNKNOWN_TIME : new Date(LastModified),
        })),
      );
    }
    const aliased: string[] = [];
    for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName: name })) {
      for (const { FunctionVersion = '', RoutingConfig } of Aliases) {
        aliased.push(FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}));
      }
    }
    return { name, function: fn, versions, aliased };
  };
  const found = await unlessAbsent(read());
  return found === undefined ? [] : [found];
}

async function packageVersions(client: S3Client, Bucket: string): Promise<readonly PackageVersion[]> {
  const found: PackageVersion[] = [];
  let from: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } | undefined = {};
  while (from !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'functions/', ...from }),
    );
    for (const { Key = '', VersionId = '', Size = 0, LastModified: made = UNKNOWN_TIME, IsLatest } of page.Versions ??
      []) {
      found.push({ bucket: Bucket, key: Key, versionId: VersionId, bytes: Size, made, isLatest: IsLatest !== false });
    }
    from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return found;
}

/** Source: AWS Lambda API Reference, "GetAccountSettings"; Developer Guide, "Lambda quotas": 75 GB unless the account has more. */
async function storageOf(client: LambdaClient): Promise<Inventory['storage']> {
  // It is said beside the rest, and nothing depends on it.
  const settings = await client.send(new GetAccountSettingsCommand({})).catch(() => undefined);
  const [used, limit] = [settings?.AccountUsage?.TotalCodeSize, settings?.AccountLimit?.TotalCodeSize];
  return used === undefined || limit === undefined ? undefined : { used, limit };
}
