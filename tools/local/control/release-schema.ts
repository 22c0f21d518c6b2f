import * as z from 'zod/mini';
import { releaseChangeSchema } from '#local/release/release-changes.ts';

const texts = z.record(z.string(), z.string());

/** What a runtime, or a release in it, is made from: a synthesis, and what an apply of it on this machine needs besides. */
export const synthesisSchema = z.object({
  stage: z.string(),
  /** AWS regions. */
  regions: z.object({ primary: z.string(), secondary: z.string() }),
  /** Absolute path of the folder that holds `manifest.json`. */
  outdir: z.string(),
  /** In the order of deployment: name, and the absolute path of its Terraform JSON. */
  stacks: z.array(z.object({ name: z.string(), file: z.string() })),
  /** Values of Terraform variables without a default. The public name leads to the first environment. */
  variables: texts,
  /** SSM parameter → value, as both regions hold it on this machine: `/app/stage/name`. */
  parameters: texts,
});

/** Body of `POST /releases`: where what was synthesized is to be released. The folder may go once the response has come. */
export const releaseSchema = z.object({
  environment: z.string().check(z.minLength(1)),
  synthesis: synthesisSchema,
  /** Functions that were promoted take their newest version, too. @default false */
  withNewVersions: z.optional(z.boolean()),
  /** A region that stays as it is, as it is lost. @default - none does */
  without: z.optional(z.enum(['primary', 'secondary'])),
});
export type ReleaseMessage = z.infer<typeof releaseSchema>;

/** `POST /release-plans` responds with what `POST /releases` with the same body would change. */
export const releasePlanSchema = z.object({ changes: z.array(releaseChangeSchema) });

const regionType = z.enum(['primary', 'secondary']);

/** Body of `POST /versions`: publishes what `preview` runs of a function in one region. `codeSha256` is what its code must still be. */
export const publicationSchema = z.object({ region: regionType, functionName: z.string(), codeSha256: z.string() });
export type PublicationMessage = z.infer<typeof publicationSchema>;
/** What it responds. */
export const publishedSchema = z.object({ version: z.string() });

/** Body of `POST /aliases`: function → version that an environment's alias leads to from now on, in each region that is named. */
export const aliasesSchema = z.object({
  environment: z.string().check(z.minLength(1)),
  versions: z.object({ primary: z.optional(texts), secondary: z.optional(texts) }),
});
export type AliasesMessage = z.infer<typeof aliasesSchema>;

/** Body of `POST /weights`: function → version that runs for a share of an alias's invocations in one region; functions that are not named have none. */
export const weightsSchema = z.object({
  region: regionType,
  environment: z.string().check(z.minLength(1)),
  weights: z.record(z.string(), z.object({ version: z.string(), share: z.number() })),
});
export type WeightsMessage = z.infer<typeof weightsSchema>;

/** Body of `POST /usage-plans`: regions that are to admit the API keys which their parameters hold. */
export const usagePlansSchema = z.object({ regions: z.array(regionType) });
