import * as z from 'zod/mini';

const apiKind = z.enum(['http', 'rest']);

const liveRegion = z.object({
  /** AWS region. */
  region: z.string(),
  failed: z.boolean(),
  /** Custom domains, with the environment that their empty base path is mapped to and the host that alias records lead to. */
  names: z.array(z.object({ kind: apiKind, name: z.string(), environment: z.string(), regionalHost: z.string() })),
  apis: z.array(
    z.object({
      kind: apiKind,
      id: z.string(),
      name: z.string(),
      stages: z.array(
        z.object({
          name: z.string(),
          deploymentId: z.string(),
          /** Of REST APIs. */
          documentationVersion: z.optional(z.string()),
        }),
      ),
    }),
  ),
  functions: z.array(
    z.object({
      name: z.string(),
      codeSha256: z.string(),
      /** Alias → version. */
      aliases: z.record(z.string(), z.string()),
      /** Alias → source ARNs, with wildcards, from which API Gateway may invoke it. */
      invokers: z.record(z.string(), z.array(z.string())),
    }),
  ),
});

/** `GET /live`: what is deployed and where the public names lead, as AWS would tell it. Times are milliseconds since the epoch. */
export const liveSchema = z.object({
  stage: z.string(),
  /** When all that runs was made. */
  deployedAt: z.number(),
  /** Part of the stage that knows the target → environment: `{ "entry-primary": "envA" }`. */
  targets: z.record(z.string(), z.string()),
  regions: z.object({ primary: liveRegion, secondary: liveRegion }),
  healthChecks: z.array(
    z.object({
      id: z.string(),
      fqdn: z.string(),
      resourcePath: z.string(),
      status: z.enum(['healthy', 'unhealthy']),
      reason: z.string(),
    }),
  ),
});
export type LiveMessage = z.infer<typeof liveSchema>;

/** Body of `POST /targets/<part>`. */
export const targetSchema = z.object({ environment: z.string().check(z.minLength(1)) });
