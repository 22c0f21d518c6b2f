import type { RegionType } from '#stacks/context.ts';
import type { ReleaseRecord } from '#stacks/release-record.ts';

/** The kinds of gateway that a stage has in each region. */
export type ApiKind = 'http' | 'rest';

/** A function as one environment runs it. */
export interface LiveFunction {
  /** Published version: `12`, or `$LATEST`. */
  readonly version: string;
  /** SHA-256 of the package, base64, as AWS Lambda gives it. */
  readonly codeSha256: string;
  /** When this version was made. */
  readonly modified: Date;
  /** Deploys leave it at its version. @default false */
  readonly isPinned?: boolean;
  /** Version → share of the invocations that it runs for instead: `{ '13': 0.1 }`. @default - none, there is no canary */
  readonly weights?: Readonly<Record<string, number>>;
}

/** A stage of a gateway. */
export interface LiveGatewayStage {
  /** `undefined` for a stage that serves no deployment. */
  readonly deploymentId: string | undefined;
  /** When the deployment was made. */
  readonly created: Date;
  /** First digits of the SHA-256 of the API's content. Only REST APIs keep it. */
  readonly contentHash?: string;
  /** Routes that respond with 429 as `route-away --drain` holds writes. @default 0 */
  readonly held?: number;
}

/** An environment that is deployed in one region, in full or in part. */
export interface LiveEnvironment {
  readonly name: string;
  /** `undefined` for a gateway that lacks the environment's stage. */
  readonly stages: Readonly<Partial<Record<ApiKind, LiveGatewayStage>>>;
  /** By the function's name in the contract; without those that lack the environment's alias. */
  readonly functions: Readonly<Record<string, LiveFunction>>;
  /** Tells content apart and is equal in both regions: 12 digits of a SHA-256 over the functions' code and the REST API's content. */
  readonly hash: string;
  /** When the newest part of it was made. */
  readonly time: Date;
  /** What its stack recorded that it runs. @default - it left no record: the environment preview, the local runtime */
  readonly record?: ReleaseRecord;
}

/** Where the public names of one region lead. */
export interface RegionTarget {
  readonly regionType: RegionType;
  /** AWS region. */
  readonly region: string;
  /** The public names, as the region's parameters have them. */
  readonly names: Readonly<Partial<Record<ApiKind, string>>>;
  /** Name of an environment; `undefined` while there is no mapping. */
  readonly rest: string | undefined;
  readonly http: string | undefined;
}

export type HealthStatus = 'healthy' | 'unhealthy' | 'unknown';

/** A Route 53 health check of one API in one region: it decides whether the API's public name leads there. */
export interface LiveHealthCheck extends EndpointCheck {
  readonly regionType: RegionType;
  readonly kind: ApiKind;
  readonly status: HealthStatus;
}

/** Everything that `status` shows of one region. */
export interface LiveRegion {
  readonly target: RegionTarget;
  readonly apiIds: Readonly<Partial<Record<ApiKind, string>>>;
  /** Those that are deployed, in the settings' order, `preview` last. */
  readonly environments: readonly LiveEnvironment[];
}

/** What AWS is asked about one region. Names are physical; what isn't there comes back as `undefined`. */
export interface RegionPort extends PartsPort {
  /** Stage that a public name is mapped to. */
  mappedStage(kind: ApiKind, domainName: string): Promise<string | undefined>;
  apiId(kind: ApiKind, apiName: string): Promise<string | undefined>;
  /** Every stage of a gateway, by name. */
  stages(kind: ApiKind, apiId: string): Promise<ReadonlyMap<string, LiveGatewayStage>>;
  /** Every alias of a function, by name. Empty when there is no such function. */
  aliases(functionName: string): Promise<ReadonlyMap<string, LiveFunction>>;
}

/** What a region is asked about the parts of an environment that no alias shows. */
export interface PartsPort {
  /** Source ARNs, with wildcards, from which API Gateway may invoke an alias. */
  invokers(functionName: string, alias: string): Promise<readonly string[]>;
  /** Whether a role exists and still has a policy. */
  hasRole(roleName: string): Promise<boolean>;
  /**
   * Routes that a stage serves, as they are in the deployment's own copy: `GET /user/{id}`.
   *
   * @returns `undefined` where AWS does not tell
   */
  routes(kind: ApiKind, apiId: string, stage: string, deploymentId: string): Promise<ReadonlySet<string> | undefined>;
}

/** A health check as Route 53 keeps it. */
export interface EndpointCheck {
  readonly id: string;
  /** Host that is asked. */
  readonly fqdn: string;
  readonly resourcePath: string;
}

/** What Route 53 is asked; it is one for all regions. */
export interface HealthPort {
  endpointChecks(): Promise<readonly EndpointCheck[]>;
  /** What each health checker saw last: `Success: …`, `Failure: …`. */
  observations(healthCheckId: string): Promise<readonly string[]>;
}

/**
 * First digits of the SHA-256 of a REST API's content: the stack names documentation versions `<environment>-<hash>`.
 *
 * @returns nothing for a stage without such a version
 */
export function contentHashOf(
  stage: string,
  documentationVersion: string | undefined,
): { readonly contentHash?: string } {
  const start = `${stage}-`;
  return documentationVersion?.startsWith(start) ? { contentHash: documentationVersion.slice(start.length) } : {};
}
