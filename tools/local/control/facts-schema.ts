import * as z from 'zod/mini';

const values = z.record(z.string(), z.string());

const regionConfiguration = z.object({
  /** AWS region. */
  region: z.string(),
  functions: z.array(
    z.object({
      name: z.string(),
      codeSha256: z.string(),
      handler: z.string(),
      memoryMb: z.number(),
      timeoutSeconds: z.number(),
      roleArn: z.string(),
      environment: values,
      aliases: z.array(z.object({ name: z.string(), functionVersion: z.string() })),
    }),
  ),
  stages: z.array(
    z.object({
      kind: z.enum(['http', 'rest']),
      name: z.string(),
      variables: values,
      accessLog: z.optional(z.object({ logGroup: z.string(), format: z.string() })),
    }),
  ),
  usagePlans: z.array(
    z.object({
      name: z.string(),
      throttle: z.optional(z.object({ rateLimit: z.number(), burstLimit: z.number() })),
      quota: z.optional(z.object({ limit: z.number(), period: z.string() })),
      stages: z.array(z.string()),
      keys: z.array(z.object({ value: z.string(), enabled: z.boolean() })),
    }),
  ),
  logGroups: z.array(z.object({ name: z.string(), retentionDays: z.optional(z.number()) })),
});

/** `GET /facts`: how each region is configured, as far as the regions should be alike. */
export const factsSchema = z.object({
  stage: z.string(),
  regions: z.object({ primary: regionConfiguration, secondary: regionConfiguration }),
});
export type FactsMessage = z.infer<typeof factsSchema>;
export type RegionConfiguration = z.infer<typeof regionConfiguration>;
