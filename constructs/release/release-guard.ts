import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path';
import type { Construct } from 'constructs';

/** What a stack declares of what environments run. */
export interface ReleaseGuardProps {
  /** Where the region keeps the environments' records, without a slash at its end: see stacks/release-record.ts. */
  readonly path: string;
  readonly claims: readonly ReleaseClaim[];
}

/** Something that every record must find declared. */
export interface ReleaseClaim {
  /** Expression of what one record needs: a list of texts. */
  readonly needed: (of: RecordExpressions) => string;
  /** What is declared, in the same texts. */
  readonly declared: readonly string[];
  /** What is missing, before the texts that lack. */
  readonly problem: string;
  /** What to do about it, after them. */
  readonly remedy: string;
}

/** Expressions of one record's parts. */
export interface RecordExpressions {
  readonly environment: string;
  readonly functionName: string;
  readonly record: string;
}

/**
 * Stops the plan of a stack that no longer declares what a deployed environment runs on, whoever plans: `two-region` keeps such things, raw
 * `cdktf deploy` knows the code alone. The condition stands on the data source that reads the records: a resource of its own would be one more
 * to make, and is only looked at when it changes.
 *
 * Source: Terraform documentation, "Custom Conditions" (postconditions of data sources).
 */
export class ReleaseGuard {
  constructor(scope: Construct, id: string, { path, claims }: ReleaseGuardProps) {
    const depth = path.split('/').length;
    new DataAwsSsmParametersByPath(scope, id, {
      path,
      recursive: true,
      lifecycle: {
        postcondition: claims.map(({ needed, declared, problem, remedy }) => {
          const lacking = lackingIn(needed, declared, depth);
          return {
            condition: `\${length(${lacking}) == 0}`,
            errorMessage: `${problem} \${join(", ", ${lacking})}. ${remedy}`,
          };
        }),
      },
    });
  }
}

/** Expression of what records need and the stack lacks, each followed by its environment: `test (envA)`. */
function lackingIn(needed: ReleaseClaim['needed'], declared: readonly string[], depth: number): string {
  const environment = `split("/", name)[${depth}]`;
  const texts = needed({
    environment,
    functionName: `split("/", name)[${depth + 1}]`,
    record: 'jsondecode(nonsensitive(self.values)[at])',
  });
  const lacking = `[for text in ${texts} : "\${text} (\${${environment}})" if !contains(${JSON.stringify(declared)}, text)]`;
  return `distinct(flatten([for at, name in self.names : ${lacking}]))`;
}
