/** Cross-origin resource sharing of both APIs. */
export interface CorsSettings {
  /** `*`, `https://*`, `http://*` or origins: `https://app.example.com`. */
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  /** How long a browser may keep the answer to a preflight request. */
  readonly maxAgeSeconds: number;
}

/** What the holder of an API key may use in one region. */
export interface UsagePlanSettings {
  /** Requests per second that are allowed on average. */
  readonly rateLimit: number;
  /** Requests that are allowed at once. */
  readonly burstLimit: number;
  /** `limit` requests per `period`. */
  readonly quota: { readonly limit: number; readonly period: QuotaPeriod };
}

/** What must be exceeded, in 3 of 5 minutes unless docs/operations.md says otherwise, before an alarm goes off. */
export interface AlarmSettings {
  /** `ALARM_MINIMUM_REQUESTS`: a minute with fewer requests is judged as if it had so many, so that a single error is no rate of 100 %. */
  readonly minimumRequests: number;
  /** `ALARM_ERROR_RATE_PERCENT`: of a function's invocations. */
  readonly errorRatePercent: number;
  /** `ALARM_DURATION_P99_MS`: of a function's invocations. */
  readonly durationP99Ms: number;
  /** `ALARM_INVOCATIONS_PER_MINUTE`: of one function in one environment. */
  readonly invocationsPerMinute: number;
  /** `ALARM_THROTTLES_PER_MINUTE`: of a function or table. */
  readonly throttlesPerMinute: number;
  /** `ALARM_5XX_RATE_PERCENT`: of an API's requests, without those of health checks. */
  readonly serverErrorRatePercent: number;
  /** `ALARM_4XX_RATE_PERCENT`: of the same. */
  readonly clientErrorRatePercent: number;
  /** `ALARM_LATENCY_P99_MS`: of one route. */
  readonly latencyP99Ms: number;
  /** `ALARM_TABLE_ERRORS_PER_MINUTE`: requests that DynamoDB answered with HTTP 500. */
  readonly tableErrorsPerMinute: number;
  /** `ALARM_REPLICATION_LATENCY_SECONDS`: how late items are in the other region. */
  readonly replicationLatencySeconds: number;
  /** `ALARM_HEARTBEAT_AGE_SECONDS`: how old the other region's last heartbeat is. 0: there is no heartbeat. */
  readonly heartbeatAgeSeconds: number;
  /** `ALARM_READINESS_HOURS`: how long there may be no run of `two-region readiness`. 0: none is waited for. */
  readonly readinessHours: number;
}

/** What a stage's own keys can encrypt, as `OWN_KEYS` names it. */
export const ENCRYPTED = ['tables', 'buckets', 'logs', 'functions', 'parameters'] as const;

export type Encrypted = (typeof ENCRYPTED)[number];

export type QuotaPeriod = 'DAY' | 'MONTH' | 'WEEK';

/** Contents of `settings.conf`, checked. The keys of the file stand behind the fields. */
export interface Settings {
  /** `APP_NAME`: first part of every resource's name. */
  readonly appName: string;
  /** `PRIMARY_REGION`: where parameters are set and the state is kept. */
  readonly primaryRegion: string;
  /** `SECONDARY_REGION`: another region of the same partition. */
  readonly secondaryRegion: string;
  /** `STAGES`: the first is the default. */
  readonly stages: readonly string[];
  /** `API_ENVIRONMENTS`: at least two; `preview` is not among them. */
  readonly apiEnvironments: readonly string[];
  /** `PARAMETERS`: names kept under `/APP_NAME/stage/name`; each is a key of `parameterCatalogue`. */
  readonly parameters: readonly string[];
  /** `INITIAL_STACKS`: names without the stage, in the order of the first deploy. */
  readonly initialStacks: readonly string[];
  /** `STATE_BUCKET_PREFIX`: the state's bucket is `<prefix>-<stage>`. */
  readonly stateBucketPrefix: string;
  /** `LOCK_TABLE_PREFIX`: the table of the state's locks is `<prefix>-<stage>`. */
  readonly lockTablePrefix: string;
  /** `STATE_IN_SECONDARY`: stages whose state is kept in the secondary region until the primary is back. @default [] */
  readonly stateInSecondary: readonly string[];
  /** `AWS_PROFILES`: stage → profile of the AWS CLI; a stage without one uses the default credentials. */
  readonly profiles: Readonly<Record<string, string>>;
  /**
   * `ROUTING_POLICY`: how DNS chooses between the regions: `failover` to the active one while it is healthy, `weighted` by lot, `latency` to the one that
   * is nearest to the client; with the last two both regions are active. @default 'failover'
   */
  readonly routingPolicy: 'failover' | 'latency' | 'weighted';
  /** `ROUTING_WEIGHT_*`: shares of the traffic with `weighted`, 0 to 255 each. @default 50 each */
  readonly routingWeights: Readonly<Record<'primary' | 'secondary', number>>;
  /** `ACTIVE_REGION`: the region that has all traffic while it is healthy, with `failover`. @default 'primary' */
  readonly activeRegion: 'primary' | 'secondary';
  /** `DNS_HEALTH_CHECK`: what the health check behind the DNS record asks. @default 'shallow' */
  readonly dnsHealthCheck: 'deep' | 'relative' | 'shallow';
  /** `FAILBACK`: whether traffic that has left the active region returns by itself, or when somebody says so. @default 'manual' */
  readonly failback: 'automatic' | 'manual';
  /**
   * `ROUTE_AWAY`: who moves traffic from an active region that is ill though its health checks are not: operators, told by an alarm that a function of
   * the other region feeds (`watch`), or that function. @default 'watch'
   */
  readonly routeAway: 'automatic' | 'manual' | 'watch';
  /** `OBJECT_REPLICATION`: whether S3 copies the objects of each region's data bucket to the other one's. @default 'none' */
  readonly objectReplication: 'none' | 'two-way';
  /** `OWN_KEYS`: what is encrypted with keys of the account's own in each region, beside the alarms' topics, which always are. @default [] */
  readonly ownKeys: readonly Encrypted[];
  /** What a drill is held to. */
  readonly objectives: ObjectiveSettings;
  /** `EXECUTE_API_ENDPOINT`: whether the APIs answer at the hosts that AWS gives them, beside their names. @default 'open' */
  readonly executeApiEndpoint: 'closed' | 'open';
  /** `EDGE*`: CloudFront before the public names. */
  readonly edge: EdgeSettings;
  /** `CORS_*`. */
  readonly cors: CorsSettings;
  /** `THROTTLE_*` and `QUOTA_*`: plan of the API key for the API environments. */
  readonly usagePlan: UsagePlanSettings;
  /** `PREVIEW_THROTTLE_*` and `PREVIEW_QUOTA_*`: plan of the preview environment's key. */
  readonly previewUsagePlan: UsagePlanSettings;
  /** `LOG_RETENTION_DAYS`: of every log group. @default 30 */
  readonly logRetentionDays: number;
  /** What is left alone of what nothing needs any more. */
  readonly tidy: TidySettings;
  /** `ROUTE_*_LIMIT`: what a gateway stage takes of one route, with or without a key. */
  readonly routeThrottle: Omit<UsagePlanSettings, 'quota'>;
  /** `WAF_RATE_LIMIT`: requests of one address in five minutes to a region's REST API. @default 1000 */
  readonly wafRateLimit: number;
  /** `WAF_COUNTED_RULES`: rules of AWS's common rule set that block nothing. @default ['SizeRestrictions_BODY'] */
  readonly wafCountedRules: readonly string[];
  /** `LINT_ALLOW`: what `two-region lint` may find, each `RULE PATH: REASON`. @default those of the sample */
  readonly lintAllow: readonly string[];
  /** `TRACING*`: what X-Ray is told of requests. */
  readonly tracing: TracingSettings;
  /** `RECORDING_*`: what functions write into their logs of the requests that they serve, for `two-region replay`. */
  readonly recording: RecordingSettings;
  /** `HEALTHCHECK_CONCURRENCY`: executions that are kept free for health checks; 0 keeps none. @default 10 */
  readonly healthcheckConcurrency: number;
  /** `ALARM_*`. */
  readonly alarms: AlarmSettings;
  /** `PIPELINE*`: releases by CodePipeline. */
  readonly pipeline: PipelineSettings;
  /** `CONTAINER*`: the container API in both regions. */
  readonly container: ContainerSettings;
  /** `JOURNEY_MINUTES`: how often functions of both regions take the contract's journeys; 0: there are none. @default 0 */
  readonly journeyMinutes: number;
}

/** The pipeline that releases a stage. */
export interface PipelineSettings {
  /** `PIPELINE`: whether stages have one. @default false */
  readonly isActive: boolean;
  /** `PIPELINE_REPOSITORY`: `owner/name`, as the connection knows it. @default - '', where there is no pipeline */
  readonly repository: string;
  /** `PIPELINE_BRANCH`: that is released. @default 'main' */
  readonly branch: string;
  /** `PIPELINE_PUSH_STAGES`: stages whose pipelines a push starts; the others are started by hand. @default [] */
  readonly pushStages: readonly string[];
}

/** The container API, and what its tasks have. */
export interface ContainerSettings {
  /** `CONTAINER`: whether there is one. @default false */
  readonly isActive: boolean;
  /** `CONTAINER_NAT`: gateways to what no endpoint leads to. @default 'none' */
  readonly nat: 'none' | 'one' | 'per-zone';
  /** `CONTAINER_CPU_UNITS`: of a task; 1024 are a processor, and memory is twice as many MB. @default 256 */
  readonly cpuUnits: number;
  /** `CONTAINER_MINIMUM_TASKS` and `CONTAINER_MAXIMUM_TASKS`, in each region. @default 2 and 10 */
  readonly tasks: { readonly minimum: number; readonly maximum: number };
  /** `CONTAINER_SHIFT`: how a new image gets traffic. @default 'all-at-once' */
  readonly shift: 'all-at-once' | 'canary' | 'linear';
  /** `CONTAINER_KEEP_MINUTES`: that the tasks before it still run then. @default 60 */
  readonly keepMinutes: number;
}

/** CloudFront before the regions. */
export interface EdgeSettings {
  /**
   * `EDGE`: `none`: there are no distributions; `standby`: they are there, and the public names lead to the regions; `active`: the names lead to the
   * distributions. @default 'none'
   */
  readonly state: 'active' | 'none' | 'standby';
  /** `EDGE_PRICE_CLASS`: where in the world the edge stands. @default 'PriceClass_100' */
  readonly priceClass: 'PriceClass_100' | 'PriceClass_200' | 'PriceClass_All';
  /** `EDGE_BYPASS`: whether the regions' REST APIs answer what does not come through the edge, health checks apart. @default 'open' */
  readonly bypass: 'closed' | 'open';
}

/** What the loss of a region may cost at the most; `two-region drill` measures it. */
export interface ObjectiveSettings {
  /** `RTO_SECONDS`: until clients are served again. @default - not judged */
  readonly rtoSeconds?: number;
  /** `RPO_SECONDS`: how old the oldest write may be that the other region lacks then. @default - not judged */
  readonly rpoSeconds?: number;
  /** `ERROR_BUDGET_PERCENT`: of the requests of 30 days that may fail. @default - not judged */
  readonly errorBudgetPercent?: number;
}

/** What X-Ray is told of requests, and which of the REST API's it keeps. */
export interface TracingSettings {
  /** `TRACING`: of REST stages and the functions behind both APIs. @default false */
  readonly isActive: boolean;
  /** `TRACING_SAMPLES_PER_SECOND`: requests of each second that are kept. @default 1 */
  readonly perSecond: number;
  /** `TRACING_SAMPLE_PERCENT`: of the others. @default 5 */
  readonly percent: number;
}

/** What is recorded of requests. */
export interface RecordingSettings {
  /** `RECORDING_PERCENT`: of each function's requests; 0: nothing. @default 0 */
  readonly percent: number;
  /** `RECORDING_SECRETS`: parameters, headers and members of bodies whose values are left out, beside callers' credentials. @default password, secret, token */
  readonly secrets: readonly string[];
}

/** What of versions, packages and deployments stays although nothing needs it. */
export interface TidySettings {
  /** `TIDY_KEEP_NEWEST`: so many of each function or API. @default 5 */
  readonly keepNewest: number;
  /** `TIDY_AFTER_DAYS`: and whatever is younger. @default 30 */
  readonly afterDays: number;
}
