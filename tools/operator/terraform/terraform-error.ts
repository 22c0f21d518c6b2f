import { ExitCode } from '#operator/cli/exit-codes.ts';
import { TERRAFORM_MINIMUM } from '#stacks/terraform/versions.ts';
import { lastingError } from './passing-errors.ts';

/** Terraform ended with an error on one stack, or would do what it must not. */
export class TerraformError extends Error {
  override readonly name = 'TerraformError';
  readonly exitCode = ExitCode.Failed;
}

/** There is no Terraform on this machine: no stack can be worked on, so it is no {@link TerraformError} of one. */
export class TerraformMissingError extends Error {
  override readonly name = 'TerraformMissingError';
  readonly exitCode = ExitCode.Usage;
  constructor(binary: string, options?: ErrorOptions) {
    super(
      `There is no command ${JSON.stringify(binary)} in PATH. Install Terraform ${TERRAFORM_MINIMUM} or newer ` +
        '(developer.hashicorp.com/terraform/install), or name another one in TERRAFORM_BINARY_NAME.',
      options,
    );
  }
}

/** What Terraform's known errors ask of the operator. */
const REMEDIES: readonly { readonly pattern: RegExp; readonly remedy: string }[] = [
  {
    pattern: /Unable to find remote state/,
    remedy: 'A stack that this one reads from is not applied yet. Deploy it first: two-region deploy STAGE',
  },
  {
    pattern: /S3 bucket "[^"]*" does not exist|NoSuchBucket/,
    remedy: 'Make the bucket of the state first: two-region bootstrap STAGE',
  },
  {
    pattern: /Error acquiring the state lock/,
    remedy:
      'Somebody else applies this stack, or a run was killed. When you are sure that none runs: terraform force-unlock ID, in the folder of the stack.',
  },
  {
    pattern: /No valid credential sources|ExpiredToken|InvalidClientTokenId/,
    remedy: "Log in again, or name the stage's profile in AWS_PROFILES of settings.conf.",
  },
  {
    pattern: /Failed to query available provider packages|Failed to install provider/,
    remedy:
      'Terraform got no provider: is registry.terraform.io reachable, or the mirror of your CLI configuration complete?',
  },
];

/**
 * Terraform's words, and what to do about them where it is known.
 *
 * @param tries - how often it was tried. @default 1
 */
export function withRemedy(text: string, stage: string, tries = 1): string {
  const remedy = REMEDIES.find(({ pattern }) => pattern.test(text))?.remedy ?? lastingError(text, tries);
  return remedy === undefined ? text : `${text}\n${remedy.replace('STAGE', stage)}`;
}
