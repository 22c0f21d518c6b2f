import * as z from 'zod/mini';
import { eventSchema } from '#local/events/event-schema.ts';
import { requestRecordSchema } from '#local/events/recorded-requests.ts';
import { failureSchema, predictedFailureSchema, predictedFaultSchema } from '#local/failure/failure-schema.ts';

const regionType = z.enum(['primary', 'secondary']);
const since = z.number();

/** What `.two-region/local.json` holds: how a running runtime is reached. Times are milliseconds since the epoch. */
export const stateSchema = z.object({ pid: z.int(), url: z.string(), token: z.string(), startedAt: since });
export type RuntimeState = z.infer<typeof stateSchema>;

const regionStatus = z.object({
  /** AWS region. */
  region: z.string(),
  /** All of it, or a part. */
  failed: z.boolean(),
  failures: z.array(z.extend(failureSchema, { prediction: predictedFailureSchema })),
  since,
  healthChecks: z.array(
    z.object({
      name: z.string(),
      resourcePath: z.string(),
      status: z.enum(['healthy', 'unhealthy']),
      since,
      reason: z.string(),
    }),
  ),
});

/** `GET /status`. */
export const statusSchema = z.object({
  stage: z.string(),
  startedAt: since,
  timeScale: z.number(),
  /** The region that has all traffic while it is healthy; null: both have some, by the policy of the public names. */
  active: z.nullable(regionType),
  replicationLagMilliseconds: z.number(),
  /** The regions can't reach each other. */
  partitioned: z.boolean(),
  regions: z.object({ primary: regionStatus, secondary: regionStatus }),
  entries: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      region: z.nullable(regionType),
      since,
      ttlSeconds: z.number(),
      /** CloudFront, where the name leads to it; patterns of paths that it asks of the other region, too, and of those whose responses it keeps. */
      edge: z.optional(
        z.object({ domainName: z.string(), eitherRegion: z.array(z.string()), kept: z.array(z.string()) }),
      ),
    }),
  ),
  /** How long a failover takes by the kind of fault, in seconds of this run. */
  predicted: z.object({
    refused: predictedFaultSchema,
    silent: predictedFaultSchema,
    dropped: predictedFaultSchema,
    ttlSeconds: z.number(),
  }),
});
export type RuntimeStatus = z.infer<typeof statusSchema>;

/** `GET /permissions`: what the functions' roles may do and no call has used since the start, of the services that are served. */
export const permissionsSchema = z.object({
  unused: z.array(
    z.object({
      role: z.string(),
      /** As the policy has it; may have wildcards. */
      action: z.string(),
      /** Patterns of the policy that no call was for. */
      resources: z.readonly(z.array(z.string())),
      /** The action was used, on another resource. */
      usedElsewhere: z.boolean(),
    }),
  ),
});
export type UnusedPermissions = z.infer<typeof permissionsSchema>;

const alarmNow = {
  name: z.string(),
  /** AWS region. */
  region: z.string(),
  state: z.enum(['ALARM', 'INSUFFICIENT_DATA', 'OK']),
  /** When it came into its state. */
  since,
  reason: z.string(),
};

/** `GET /alarms`. */
export const alarmsSchema = z.object({
  /** Composite ones first. */
  alarms: z.readonly(z.array(z.object(alarmNow))),
  /** Oldest first. */
  changes: z.readonly(z.array(z.object({ ...alarmNow, from: alarmNow.state }))),
});
export type LocalAlarms = z.infer<typeof alarmsSchema>;

/** `GET /recorded`, oldest first. */
export const recordedSchema = z.readonly(z.array(z.extend(requestRecordSchema, { regionType })));
export type RecordedMessage = z.infer<typeof recordedSchema>;

/** `GET /trace`. */
export const traceSchema = z.object({
  /** Whether ways were kept before it was asked. */
  wereKept: z.boolean(),
  spans: z.readonly(
    z.array(
      z.object({
        part: z.enum(['function', 'gateway', 'handler', 'service', 'replica']),
        requestId: z.optional(z.string()),
        region: z.string(),
        name: z.string(),
        time: since,
        milliseconds: z.number(),
        outcome: z.optional(z.string()),
      }),
    ),
  ),
  events: z.readonly(z.array(eventSchema)),
});
export type LocalTrace = z.infer<typeof traceSchema>;

/** Body of every refusal. */
export const refusalSchema = z.object({ message: z.string() });

export const replicationSchema = z.object({ lagMilliseconds: z.number().check(z.minimum(0), z.maximum(3_600_000)) });

/** Body of `POST /regions/<region>/hold`. */
export const holdSchema = z.object({ routes: z.array(z.string()) });

/** Body of `POST /partition`. */
export const partitionSchema = z.object({ partitioned: z.boolean() });

/** Body of `POST /tokens`: for whom the runtime's issuer signs. */
export const tokenRequestSchema = z.object({
  /** @default 'local-user' */
  sub: z.optional(z.string()),
  scopes: z.optional(z.readonly(z.array(z.string()))),
  /** @default 3600 */
  lifetimeSeconds: z.optional(z.int().check(z.positive())),
});
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

/** A token of the runtime's issuer. */
export const signedTokenSchema = z.object({
  token: z.string(),
  issuer: z.string(),
  audience: z.array(z.string()),
  /** Where its key is, for verifiers on this machine. */
  keysUrl: z.string(),
});
export type SignedToken = z.infer<typeof signedTokenSchema>;
