import type { TokenRules } from '#local/jwt/verify-token.ts';

/**
 * The APIs of a region, as the gateways serve them: part of `model.ts`.
 */
export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly executionArn: string;
  /** It answers at its domains only. @default false */
  readonly isExecuteApiClosed?: boolean;
  /** From `aws_api_gateway_rest_api.binary_media_types`. */
  readonly binaryMediaTypes: readonly string[];
  readonly methods: readonly RestMethod[];
  /** Model name → JSON Schema (draft 4). */
  readonly models: Readonly<Record<string, unknown>>;
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly stages: readonly RestStage[];
}

/** A function that says of callers what they may do. */
export interface LambdaAuthorizer {
  readonly id: string;
  readonly name: string;
  /** What the function gets: the token alone, or the request without its body. */
  readonly type: 'REQUEST' | 'TOKEN';
  /** Still holds `${stageVariables.stage}`. */
  readonly uri: string;
  /** ARN of the role that invokes the function. @default the function's own permissions decide */
  readonly credentials?: string;
  /** `method.request.header.Authorization`: what tells callers apart. A request without one of them is refused. */
  readonly identitySources: readonly string[];
  /** What a token must match as a whole: a Java regular expression. */
  readonly validationExpression?: string;
  /** How long its word is kept; 0: it is asked each time. */
  readonly ttlSeconds: number;
}

export interface RestMethod {
  /** `/user/{id}`; `{proxy+}` is greedy. */
  readonly resourcePath: string;
  /** `GET` … or `ANY`. */
  readonly httpMethod: string;
  readonly authorization: 'AWS_IAM' | 'CUSTOM' | 'NONE';
  /** With the authorization `CUSTOM`. */
  readonly authorizer?: LambdaAuthorizer;
  readonly apiKeyRequired: boolean;
  /** `method.request.querystring.name` → required. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** Content type → model name. */
  readonly requestModels: Readonly<Record<string, string>>;
  readonly requestValidator?: { readonly body: boolean; readonly parameters: boolean };
  /** Why its requests are refused with 500: it asks for something that isn't served. @default it is served */
  readonly unserved?: string;
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
  /** ARN of the role that invokes the function, or {@link CALLER}. @default the function's own permissions decide */
  readonly credentials?: string;
}

/** As the credentials of an integration: those of whoever calls. */
export const CALLER = 'arn:aws:iam::*:user/*';

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
  /** Of each method that has none of its own. @default none */
  readonly defaultThrottle?: ThrottleLimits;
  /** `GET /user/{id}` → limits. @default none */
  readonly methodThrottles?: Readonly<Record<string, ThrottleLimits>>;
  /** Of the web ACL before it. @default - there is none */
  readonly webAclArn?: string;
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
  /** It answers at its domains only. @default false */
  readonly isExecuteApiClosed?: boolean;
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

/** What the tokens of a route must be. */
export interface JwtAuthorization extends TokenRules {
  /** `$request.header.Authorization`; the first that a request has counts. */
  readonly identitySources: readonly string[];
}

export interface HttpRoute {
  /** `POST /events`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly authorization: 'AWS_IAM' | 'JWT' | 'NONE';
  /** With the authorization `JWT`. */
  readonly jwt?: JwtAuthorization;
  readonly integration: HttpIntegration;
  /** Why its requests are refused with 500: it asks for something that isn't served. @default it is served */
  readonly unserved?: string;
}

export interface HttpIntegration {
  /** Lambda proxy: a function's ARN or invocation URI, still with `${stageVariables.stage}`. */
  readonly uri: string;
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly timeoutMilliseconds: number;
  /** ARN of the role that invokes the function, or {@link CALLER}. @default the function's own permissions decide */
  readonly credentials?: string;
  /** `append:header.name` → `$request.querystring.other`. @default none */
  readonly requestParameters?: Readonly<Record<string, string>>;
  /** Status that the function responded with → mappings of the same form. @default none */
  readonly responseParameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
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
