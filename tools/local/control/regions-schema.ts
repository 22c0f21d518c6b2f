import * as z from 'zod/mini';

const apiKind = z.enum(['http', 'rest']);
const values = z.record(z.string(), z.string());
const credentials = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

const gatewayStage = z.object({
  name: z.string(),
  /** That the API's paths are appended to. */
  url: z.string(),
  deploymentId: z.string(),
  variables: values,
  /** Of REST APIs. */
  documentationVersion: z.optional(z.string()),
  accessLog: z.optional(z.object({ logGroup: z.string(), format: z.string() })),
  /** That it serves: `GET /user/{id}`. */
  routes: z.array(z.string()),
  /** How many of them respond with 429, as writes are held. @default 0 */
  held: z.optional(z.number()),
});

const functionVersion = z.object({
  /** `3`, or `$LATEST`. */
  version: z.string(),
  codeSha256: z.string(),
  handler: z.string(),
  runtime: z.optional(z.string()),
  memoryMb: z.number(),
  timeoutSeconds: z.number(),
  roleArn: z.string(),
  environment: values,
});

const lambdaFunction = z.object({
  name: z.string(),
  /** Those that an alias leads to. */
  versions: z.array(functionVersion),
  /** Alias → version. */
  aliases: values,
  /** Alias → version → share of the alias's invocations that it runs for; of aliases with weights. */
  weights: z.record(z.string(), z.record(z.string(), z.number())),
  /** Aliases whose version was promoted: releases leave them at it. */
  pinned: z.array(z.string()),
  /** Alias → source ARNs, with wildcards, from which API Gateway may invoke it. */
  invokers: z.record(z.string(), z.array(z.string())),
  /** Alias → tables and routes of its release, as its environment's stack records them: JSON. */
  records: values,
});

const usagePlan = z.object({
  name: z.string(),
  throttle: z.optional(z.object({ rateLimit: z.number(), burstLimit: z.number() })),
  quota: z.optional(z.object({ limit: z.number(), period: z.string() })),
  /** Environments that its keys open. */
  stages: z.array(z.string()),
  keys: z.array(z.object({ value: z.string(), enabled: z.boolean() })),
});

const region = z.object({
  /** AWS region. */
  region: z.string(),
  failed: z.boolean(),
  /** Service → where SDK clients find it: `{ "dynamodb": "http://127.0.0.1:40001" }`. */
  services: values,
  /** Custom domains, with the environment that their empty base path is mapped to and the host that alias records lead to. */
  names: z.array(z.object({ kind: apiKind, name: z.string(), environment: z.string(), regionalHost: z.string() })),
  apis: z.array(
    z.object({
      kind: apiKind,
      id: z.string(),
      name: z.string(),
      /** Of the region's gateway. */
      url: z.string(),
      stages: z.array(gatewayStage),
    }),
  ),
  functions: z.array(lambdaFunction),
  usagePlans: z.array(usagePlan),
  logGroups: z.array(z.object({ name: z.string(), retentionDays: z.optional(z.number()) })),
});

/** `GET /regions`: what is deployed, how it is configured, where it answers and where the public names lead. Times are milliseconds since the epoch. */
export const regionsSchema = z.object({
  stage: z.string(),
  /** When the runtime began. */
  startedAt: z.number(),
  /** Environment → what it serves: a release, which is frozen, or the working tree as it was at the start or the last release. */
  environments: z.record(
    z.string(),
    z.object({ follows: z.enum(['release', 'working tree']), deployedAt: z.number() }),
  ),
  /** Part of the stage that knows the target → environment: `{ "entry-primary": "envA" }`. */
  targets: values,
  /** Where the public names are served, the REST API's first. */
  publicNames: z.array(
    z.object({
      kind: apiKind,
      name: z.string(),
      url: z.string(),
      /** The distribution of CloudFront that it leads to. @default - it leads to the regions */
      edge: z.optional(z.string()),
    }),
  ),
  credentials: z.object({
    /** Of a user who may do anything with the services. */
    operator: credentials,
    /** Of a user who may do what the primary region's invoker role may. */
    invoker: credentials,
    /** Of a user who may call none of them. */
    stranger: credentials,
  }),
  healthChecks: z.array(
    z.object({
      id: z.string(),
      fqdn: z.string(),
      resourcePath: z.string(),
      status: z.enum(['healthy', 'unhealthy']),
      reason: z.string(),
    }),
  ),
  regions: z.object({ primary: region, secondary: region }),
  /** Resource types that the runtime does not serve, with their addresses. */
  unserved: z.array(z.object({ type: z.string(), addresses: z.array(z.string()) })),
});
export type RegionsMessage = z.infer<typeof regionsSchema>;
/** One of the two regions. */
export type RegionMessage = z.infer<typeof region>;

/** Body of `POST /targets/<part>`. */
export const targetSchema = z.object({
  environment: z.string().check(z.minLength(1)),
  /** Milliseconds at AWS's pace. */
  propagation: z.optional(z.number().check(z.minimum(0))),
});
