import * as z from 'zod/mini';

const versionSchema = z.object({ terraform_version: z.string() });

/** Reads `terraform version -json`; `undefined` for anything else. Source: Terraform documentation, "Command: version". */
export function parsedVersion(output: string): string | undefined {
  try {
    return versionSchema.safeParse(JSON.parse(output)).data?.terraform_version;
  } catch {
    return undefined;
  }
}
