import type { CustomDomain, HttpApi, RestApi, UsagePlan } from './api-model.ts';
import type { Distribution } from './distributions.ts';
import type { WebAclModel } from './waf/web-acl-model.ts';
/**
 * The two regions as the synthesized Terraform describes them, references resolved: what the services of the local runtime are started from.
 * Names follow the AWS API. Built by `build-model.ts`; plain data, no behaviour.
 */
export type RegionType = 'primary' | 'secondary';

export interface LocalModel {
  readonly stage: string;
  readonly regions: Readonly<Record<RegionType, RegionModel>>;
  readonly dns: DnsModel;
  /** Of CloudFront. @default none */
  readonly distributions?: readonly Distribution[];
  /** @default none */
  readonly alarms?: AlarmsModel;
  /** Resource types in the JSON that the runtime doesn't serve, with their addresses. */
  readonly unserved: readonly { readonly type: string; readonly addresses: readonly string[] }[];
}

export interface RegionModel {
  readonly type: RegionType;
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly functions: readonly LambdaFunction[];
  /** @default none */
  readonly schedules?: readonly Schedule[];
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
  /** @default none */
  readonly webAcls?: readonly WebAclModel[];
}

/** A rule of EventBridge that invokes a function at a rate. */
export interface Schedule {
  readonly ruleArn: string;
  /** The function itself, no alias of it. */
  readonly functionName: string;
  readonly rateMinutes: number;
}

/** An alias of a function, as an environment has one. */
interface FunctionAlias {
  readonly name: string;
  readonly functionVersion: string;
  /** The version that runs instead for a share of the invocations. @default - none */
  readonly weighted?: WeightedVersion;
}

/**
 * A version beside that of an alias, drawn anew for each invocation.
 *
 * Source: AWS Lambda Developer Guide, "Implement Lambda canary deployments using a weighted alias": one additional version at most.
 */
export interface WeightedVersion {
  readonly version: string;
  /** Above 0, below 1. */
  readonly share: number;
  /** As it was published. */
  readonly lambdaFunction: LambdaFunction;
}

/** A published version of a function, its aliases and who may invoke them. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  /** `index.handler`: file without extension, dot, export. */
  readonly handler: string;
  /** `nodejs22.x`. @default - that of this process */
  readonly runtime?: string;
  /** Folder or file that `archive_file` packs, or the zip file, absolute. */
  readonly source: string;
  /** What has to be written to a folder before it runs; `source` then only names it. @default none: `source` is run where it is */
  readonly packed?: PackedCode;
  readonly codeSha256: string;
  /** What processes run in the code's place: the same, bundled in another way. @default - the code itself */
  readonly runs?: { readonly source: string; readonly codeSha256: string } | undefined;
  /** Newest published version: `1`. */
  readonly version: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** Executions that it has at the most, of all its versions. @default - as many as there are */
  readonly reservedConcurrency?: number;
  readonly logGroup: string;
  readonly aliases: readonly FunctionAlias[];
  readonly permissions: readonly LambdaPermission[];
  /** Alias → what its environment's stack records of the release in Parameter Store, for the command line to read. @default none */
  readonly records?: Readonly<Record<string, FunctionRecord>>;
}

/** Of a release record, what nothing else of the model says. */
export interface FunctionRecord {
  /** By their names in the code: keys, and the JSON Schema of the items. */
  readonly tables: Readonly<Record<string, unknown>>;
  readonly routes: readonly unknown[];
}

/**
 * A package that isn't a folder or a file as it lies there: a zip file, absolute; the files that `archive_file` would pack; or why nobody here has
 * it, which whoever invokes the function is told.
 */
export type PackedCode =
  | { readonly zip: string }
  | { readonly files: readonly PackedFile[] }
  | { readonly missing: string };

type PackedFile =
  | { readonly name: string; readonly content: string }
  /** Absolute. */
  | { readonly name: string; readonly copyOf: string };

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
  /** Of a resource's policy: whom it is about, `*` for everybody. */
  readonly principals?: readonly string[];
  readonly notResources?: readonly string[];
  /** Operator → condition key → values, as the policy has them: `{ StringEquals: { 'aws:RequestedRegion': ['eu-west-1'] } }`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
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
  /** Versions are suspended: every object's is `null`. @default false */
  readonly suspended?: boolean;
  /** Its owner lets others have objects in it, as access control lists say. @default false */
  readonly takesAcls?: boolean;
  /** Where S3 copies its objects to. @default - nowhere */
  readonly replication?: BucketReplication | undefined;
  /** ARNs, with wildcards, of objects that everybody may read. @default none */
  readonly publicObjects?: readonly string[];
  /** That Terraform puts into it: key → content. @default none */
  readonly objects?: Readonly<Record<string, string>>;
}

/** The one rule by which S3 copies the objects of a bucket; of version 2. */
export interface BucketReplication {
  /** ARN of the role that S3 is. */
  readonly role: string;
  readonly ruleId: string;
  readonly priority: number;
  /** Keys that it is about; empty: all. */
  readonly prefix: string;
  /** ARN of the bucket that is copied to. */
  readonly destination: string;
  readonly copiesDeleteMarkers: boolean;
  /** Tags that are set on a replica go back. */
  readonly copiesReplicaModifications: boolean;
  /** Of Replication Time Control. @default - no time is promised */
  readonly minutes?: number;
}

export interface DnsModel {
  readonly healthChecks: readonly HealthCheck[];
  /** @default none */
  readonly calculatedChecks?: readonly CalculatedCheck[];
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
  /** Must stand in the response's first 5,120 bytes. */
  readonly searchString?: string;
}

/** A health check of other health checks: healthy while at least so many of them are. */
export interface CalculatedCheck {
  readonly id: string;
  readonly name: string;
  readonly children: readonly string[];
  readonly threshold: number;
  readonly inverted: boolean;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly failover?: 'PRIMARY' | 'SECONDARY';
  /** Of a weighted record: its part of all weights of the name. */
  readonly weight?: number;
  /** Of a latency record: the AWS region whose distance from the client counts. */
  readonly latencyRegion?: string;
  readonly healthCheckId?: string;
  /** Regional domain name for an alias record. */
  readonly aliasTarget?: string;
  /** Seconds; an alias to API Gateway has the target's, 60. */
  readonly ttlSeconds: number;
}

export interface AlarmsModel {
  readonly metric: readonly MetricAlarm[];
  readonly composite: readonly CompositeAlarm[];
}

/** Whom an alarm tells: somebody, or nobody. */
interface Told {
  /** When it goes into ALARM. */
  readonly tellsAlarm: boolean;
  /** When it is OK again. */
  readonly tellsOk: boolean;
}

export interface MetricAlarm extends Told {
  readonly name: string;
  /** AWS region; not one of the two for alarms on Route 53's health checks. */
  readonly region: string;
  /** Metric math over `metrics`. */
  readonly expression: string;
  readonly metrics: Readonly<Record<string, WatchedMetric>>;
  readonly periodSeconds: number;
  readonly comparison:
    | 'GreaterThanOrEqualToThreshold'
    | 'GreaterThanThreshold'
    | 'LessThanOrEqualToThreshold'
    | 'LessThanThreshold';
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: 'breaching' | 'ignore' | 'missing' | 'notBreaching';
  /** `EvaluateLowSampleCountPercentile` is `ignore`. */
  readonly keepsStateOnFewSamples: boolean;
}

export interface WatchedMetric {
  /** `AWS/Lambda`. */
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile: `p99`. */
  readonly statistic: string;
}

/** An alarm on other alarms of its region. */
export interface CompositeAlarm extends Told {
  readonly name: string;
  readonly region: string;
  readonly rule: string;
}
