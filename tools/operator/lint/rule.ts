import type { LintedStage } from './linted-stage.ts';

/** What is wrong with one thing that a stage declares. */
export interface Fault {
  /** `dev-api-primary`; of an operation of the contract, `contract`. */
  readonly stack: string;
  /** As Terraform writes it: `aws_lambda_alias.alias-user`, `variable.target_env`; of the contract the operation's id. */
  readonly address: string;
  /** What was found. */
  readonly found: string;
  /** What mends it. */
  readonly fix: string;
}

/** Something that makes a two-region API fail when a region is lost, or a release is switched. */
export interface Rule {
  /** In small letters with hyphens: what settings.conf and SARIF call it. */
  readonly id: string;
  /** What the rule asks for, as a sentence. */
  readonly title: string;
  /** What happens where it is broken. */
  readonly why: string;
  readonly find: (stage: LintedStage) => readonly Fault[];
}
