/**
 * The two regions as the synthesized Terraform describes them, references resolved: what the services of the local runtime are started from.
 * Names follow the AWS API. Built by `build-model.ts`; plain data, no behaviour.
 */
export type RegionType = 'primary' | 'secondary';

export interface LocalModel {
  readonly stage: string;
  readonly regions: Readonly<Record<RegionType, RegionModel>>;
  readonly dns: DnsModel;
  /** Resource types in the JSON that the runtime doesn't serve, with their addresses. */
  readonly unserved: readonly { readonly type: string; readonly addresses: readonly string[] }[];
}

export interface RegionModel {
  readonly type: RegionType;
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly functions: readonly LambdaFunction[];
  readonly roles: readonly Role[];
  readonly restApis: readonly RestApi[];
  /** @default none */
  readonly httpApis?: readonly HttpApi[];
  readonly usagePlans: readonly UsagePlan[];
  readonly domains: readonly CustomDomain[];
  readonly tables: readonly Table[];
  readonly buckets: readonly Bucket[];
  /** @default none */
  readonly logGroups?: readonly LogGroup[];
}

/** A published version of a function, its aliases and who may invoke them. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  /** `index.handler`: file without extension, dot, export. */
  readonly handler: string;
  /** Folder or file that `archive_file` packs, absolute. */
  readonly source: string;
  readonly codeSha256: string;
  /** Newest published version: `1`. */
  readonly version: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logGroup: string;
  readonly aliases: readonly { readonly name: string; readonly functionVersion: string }[];
  readonly permissions: readonly LambdaPermission[];
}

export interface LambdaPermission {
  readonly action: string;
  readonly principal: string;
  /** Alias that the permission is for; absent: the unqualified function. */
  readonly qualifier?: string;
  /** May hold `*` and `?` wildcards. */
  readonly sourceArn?: string;
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Inline and attached policy documents' statements. */
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** With `notActions`, empty: every action but those. */
  readonly notActions?: readonly string[];
  readonly resources: readonly string[];
  readonly notResources?: readonly string[];
  /** Operator → condition key → values, as the policy has them: `{ StringEquals: { 'aws:RequestedRegion': ['eu-west-1'] } }`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly executionArn: string;
  /** From `aws_api_gateway_rest_api.binary_media_types`. */
  readonly binaryMediaTypes: readonly string[];
  readonly methods: readonly RestMethod[];
  /** Model name → JSON Schema (draft 4). */
  readonly models: Readonly<Record<string, unknown>>;
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly stages: readonly RestStage[];
}

export interface RestMethod {
  /** `/user/{id}`; `{proxy+}` is greedy. */
  readonly resourcePath: string;
  /** `GET` … or `ANY`. */
  readonly httpMethod: string;
  readonly authorization: 'AWS_IAM' | 'NONE';
  readonly apiKeyRequired: boolean;
  /** `method.request.querystring.name` → required. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** Content type → model name. */
  readonly requestModels: Readonly<Record<string, string>>;
  readonly requestValidator?: { readonly body: boolean; readonly parameters: boolean };
  readonly integration: RestIntegration;
  readonly integrationResponses: readonly IntegrationResponse[];
}

export interface RestIntegration {
  readonly type: 'AWS' | 'AWS_PROXY' | 'MOCK';
  /** Still holds `${stageVariables.stage}`, as API Gateway stores it. */
  readonly uri: string;
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly requestParameters: Readonly<Record<string, string>>;
  readonly passthroughBehavior: 'NEVER' | 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES';
  readonly timeoutMilliseconds: number;
}

export interface IntegrationResponse {
  readonly statusCode: string;
  /** Absent or empty: the default. */
  readonly selectionPattern?: string;
  readonly responseTemplates: Readonly<Record<string, string>>;
  readonly responseParameters: Readonly<Record<string, string>>;
}

export interface GatewayResponse {
  /** `BAD_REQUEST_BODY`, `DEFAULT_4XX` … */
  readonly responseType: string;
  readonly statusCode?: string;
  readonly responseTemplates: Readonly<Record<string, string>>;
  /** `gatewayresponse.header.Name` → `'literal'` or `context.x`/`method.request…`. */
  readonly responseParameters: Readonly<Record<string, string>>;
}

export interface RestStage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Of the documentation that was published with it. @default - none */
  readonly documentationVersion?: string;
  /** Absent: no access log. */
  readonly accessLog?: AccessLog;
}

export interface AccessLog {
  readonly logGroup: string;
  /** With `$context.…` variables. */
  readonly format: string;
}

/** An HTTP API, payload formats 1.0 and 2.0. */
export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly executionArn: string;
  /** Absent: the gateway adds no CORS headers and answers no preflight. */
  readonly cors?: HttpCors;
  readonly routes: readonly HttpRoute[];
  readonly stages: readonly HttpStage[];
}

export interface HttpCors {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  /** Absent: the browser's default. */
  readonly maxAgeSeconds?: number;
}

export interface HttpRoute {
  /** `POST /events`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly authorization: 'AWS_IAM' | 'NONE';
  readonly integration: HttpIntegration;
}

export interface HttpIntegration {
  /** Lambda proxy: a function's ARN or invocation URI, still with `${stageVariables.stage}`. */
  readonly uri: string;
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly timeoutMilliseconds: number;
}

/** Requests a second, and the size of the bucket. */
export interface ThrottleLimits {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

export interface HttpStage {
  /** `$default` is served without a path segment of its own. */
  readonly name: string;
  /** Of each route that has none of its own. @default the account's alone */
  readonly defaultThrottle?: ThrottleLimits;
  /** Route key → limits. @default none */
  readonly routeThrottles?: Readonly<Record<string, ThrottleLimits>>;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Absent: no access log. */
  readonly accessLog?: AccessLog;
}

export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly apiStages: readonly { readonly apiId: string; readonly stage: string }[];
  /** Requests a second, and the size of the bucket. */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
  readonly quota?: { readonly limit: number; readonly offset: number; readonly period: 'DAY' | 'MONTH' | 'WEEK' };
  readonly keys: readonly {
    readonly id: string;
    readonly name: string;
    readonly value: string;
    readonly enabled: boolean;
  }[];
}

/** A regional custom domain and what it is mapped to. */
export interface CustomDomain {
  /** The public name. */
  readonly domainName: string;
  /** `d-….execute-api.<region>.amazonaws.com`: what alias records point at. */
  readonly regionalDomainName: string;
  readonly mappings: readonly { readonly basePath: string; readonly apiId: string; readonly stage: string }[];
}

export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly attributes: readonly { readonly name: string; readonly type: 'B' | 'N' | 'S' }[];
  /** Replicated with the other region. */
  readonly global: boolean;
  /** The other regions that have it. */
  readonly replicaRegions?: readonly string[];
  readonly globalIndexes?: readonly TableIndex[];
  readonly localIndexes?: readonly TableIndex[];
}

/** A secondary index. */
export interface TableIndex {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly projection: {
    readonly type: 'ALL' | 'INCLUDE' | 'KEYS_ONLY';
    /** Beside the keys, of `INCLUDE`. */
    readonly attributes: readonly string[];
  };
}

export interface LogGroup {
  readonly name: string;
  /** Absent: events are kept for ever. */
  readonly retentionDays?: number;
}

export interface Bucket {
  readonly name: string;
  readonly versioned: boolean;
}

export interface DnsModel {
  readonly healthChecks: readonly HealthCheck[];
  readonly records: readonly DnsRecord[];
}

export interface HealthCheck {
  readonly id: string;
  readonly name: string;
  readonly fqdn: string;
  readonly port: number;
  readonly resourcePath: string;
  readonly requestIntervalSeconds: number;
  readonly failureThreshold: number;
  readonly inverted: boolean;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly failover?: 'PRIMARY' | 'SECONDARY';
  readonly healthCheckId?: string;
  /** Regional domain name for an alias record. */
  readonly aliasTarget?: string;
  /** Seconds; an alias to API Gateway has the target's, 60. */
  readonly ttlSeconds: number;
}
