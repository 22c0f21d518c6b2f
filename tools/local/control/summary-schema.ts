import * as z from 'zod/mini';

const byEnvironment = z.readonly(z.record(z.string(), z.string()));

const regionSummary = z.object({
  region: z.string(),
  /** Of the REST gateway. */
  url: z.string(),
  /** Environment that the public name leads to in this region. */
  target: z.optional(z.string()),
  environments: byEnvironment,
  /** Environment → URL of the HTTP API. */
  httpEnvironments: z.optional(byEnvironment),
});

/** `GET /summary`: where the running APIs answer, and what callers identify themselves with. */
export const summarySchema = z.object({
  stage: z.string(),
  entry: z.string(),
  /** URL of the HTTP API's public name. */
  httpEntry: z.optional(z.string()),
  apiKey: z.string(),
  apiKeys: z.readonly(z.array(z.object({ value: z.string(), environments: z.readonly(z.array(z.string())) }))),
  /** Of the user who may call every route for IAM principals. */
  invoker: z.optional(z.object({ accessKeyId: z.string(), secretAccessKey: z.string() })),
  regions: z.object({ primary: regionSummary, secondary: regionSummary }),
});
export type SummaryMessage = z.infer<typeof summarySchema>;
