import * as z from 'zod/mini';

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
export const releaseSchema = z.object({ environment: z.string().check(z.minLength(1)), synthesis: synthesisSchema });
export type ReleaseMessage = z.infer<typeof releaseSchema>;
