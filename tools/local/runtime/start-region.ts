import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import { startHttpGateway } from '#local/gateway/http/server.ts';
import { startRestGateway } from '#local/gateway/rest/server.ts';
import type { AuthorizeIam } from '#local/iam/authorize-invoke.ts';
import type { RoleCredentials } from '#local/iam/credential-store.ts';
import { createLambda } from '#local/lambda/lambda.ts';
import type { RegionModel } from '#local/model/model.ts';
import type { ApiKind } from '#local/route53/dns.ts';
import { startS3 } from '#local/s3/s3.ts';
import { startSsm } from '#local/ssm/ssm.ts';
import { compileMappingTemplate } from '#local/vtl/compile-template.ts';
import type { Startup } from './startup.ts';

/** The account's IAM, one for both regions. */
export interface Iam {
  readonly authorize: Authorize;
  readonly authorizeIam: AuthorizeIam;
  readonly credentialsFor: (roleArn: string) => RoleCredentials;
}

/** What the services of one region are started from. */
export interface RegionOptions {
  readonly model: RegionModel;
  /** Of the gateways; 0: any free one. */
  readonly ports: Readonly<Record<ApiKind, number>>;
  /** SSM parameter → value. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly iam: Iam;
  readonly log: RuntimeLog;
}

/** A running region; what is not named here only its functions talk to. */
export interface Region {
  readonly dynamoDb: DynamoDbService;
  readonly gateways: Readonly<Record<ApiKind, RegionalGateway>>;
  /** URLs for SDK clients. */
  readonly endpoints: { readonly dynamodb: string; readonly s3: string; readonly ssm: string };
}

/** Starts one region: data first, then the functions that use it, then the gateways that invoke them. */
export async function startRegion(startup: Startup, options: RegionOptions): Promise<Region> {
  const { model, ports, parameters, iam, log } = options;
  const { region, type } = model;
  const { authorize, authorizeIam, credentialsFor } = iam;
  const dynamoDb = startup.keep(await startDynamoDb({ region, tables: model.tables, authorize, log }));
  const s3 = startup.keep(await startS3({ region, buckets: model.buckets, authorize, log }));
  const seeds = Object.entries(parameters).map(([name, value]) => ({ name, value, type: 'SecureString' as const }));
  const ssm = startup.keep(await startSsm({ region, parameters: seeds, authorize, log }));
  const endpoints = { dynamodb: dynamoDb.url, s3: s3.url, ssm: ssm.url };
  const endpointEnvironment = environmentOf(endpoints);
  const lambda = startup.keep(
    createLambda({ functions: model.functions, region, regionType: type, endpointEnvironment, credentialsFor, log }),
  );
  const { invoke } = lambda;
  const shared = { region: model, invoke, authorizeIam, log };
  const rest = await startRestGateway({ ...shared, port: ports.rest, compileTemplate: compileMappingTemplate });
  startup.keep(rest);
  const http = startup.keep(await startHttpGateway({ ...shared, port: ports.http }));
  return { dynamoDb, gateways: { rest, http }, endpoints };
}

/** Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
function environmentOf({ dynamodb, s3, ssm }: Region['endpoints']): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_ENDPOINT_URL_SSM: ssm,
    // The functions are written for Lambda's Node.js; that this machine's may be older is no news to their log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
