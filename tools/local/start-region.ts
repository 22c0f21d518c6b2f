import type { Authorize } from './aws-endpoint/authorize.ts';
import { type DynamoDbService, startDynamoDb } from './dynamodb/dynamodb.ts';
import type { AuthorizeIam } from './gateway/authorize-iam.ts';
import { type RestGateway, startRestGateway } from './gateway/rest/server.ts';
import type { RoleCredentials } from './iam/credential-store.ts';
import { createLambda } from './lambda/lambda.ts';
import type { RegionModel } from './model/model.ts';
import type { RuntimeLog } from './runtime-log.ts';
import { startS3 } from './s3/s3.ts';
import { startSsm } from './ssm/ssm.ts';
import type { Startup } from './startup.ts';
import { compileMappingTemplate } from './vtl/compile-template.ts';

/** The account's IAM, one for both regions. */
export interface Iam {
  readonly authorize: Authorize;
  readonly authorizeIam: AuthorizeIam;
  readonly credentialsFor: (roleArn: string) => RoleCredentials;
}

/** What the services of one region are started from. */
export interface RegionOptions {
  readonly model: RegionModel;
  /** Of the REST gateway; 0: any free one. */
  readonly port: number;
  /** SSM parameter → value. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly iam: Iam;
  readonly log: RuntimeLog;
}

/** A running region; what is not named here only its functions talk to. */
export interface Region {
  readonly dynamoDb: DynamoDbService;
  readonly gateway: RestGateway;
}

/** Starts one region: data first, then the functions that use it, then the gateway that invokes them. */
export async function startRegion(
  startup: Startup,
  { model, port, parameters, iam, log }: RegionOptions,
): Promise<Region> {
  const { region, type } = model;
  const { authorize, authorizeIam, credentialsFor } = iam;
  const dynamoDb = startup.keep(await startDynamoDb({ region, tables: model.tables, authorize, log }));
  const s3 = startup.keep(await startS3({ region, buckets: model.buckets, authorize, log }));
  const seeds = Object.entries(parameters).map(([name, value]) => ({ name, value, type: 'SecureString' as const }));
  const ssm = startup.keep(await startSsm({ region, parameters: seeds, authorize, log }));
  const lambda = startup.keep(
    createLambda({
      functions: model.functions,
      region,
      regionType: type,
      // Names of the SDKs and Tools Reference Guide, "Service-specific endpoints".
      endpointEnvironment: {
        AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
        AWS_ENDPOINT_URL_S3: s3.url,
        AWS_ENDPOINT_URL_SSM: ssm.url,
        // The functions are written for Lambda's Node.js; that this machine's may be older is no news to their log.
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      credentialsFor,
      log,
    }),
  );
  const gateway = startup.keep(
    await startRestGateway({
      region: model,
      port,
      invoke: (invocation) => lambda.invoke(invocation),
      compileTemplate: compileMappingTemplate,
      authorizeIam,
      log,
    }),
  );
  return { dynamoDb, gateway };
}
