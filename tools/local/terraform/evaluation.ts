import type { Json } from './expression/value/value.ts';

export interface EvaluateOptions {
  /**
   * Values of Terraform variables. Each stack takes those that it declares.
   *
   * @default - the declarations' own defaults
   */
  readonly variables?: Readonly<Record<string, Json>>;
  /** Stack → values that it takes before those of `variables`. @default - none */
  readonly stackVariables?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /**
   * Stacks whose resources and outputs are wanted. Of the others only that is evaluated which these refer to.
   *
   * @default - all of them
   */
  readonly only?: readonly string[];
  /** Types of resources that are wanted of them, without outputs. @default - all */
  readonly types?: readonly string[];
  /**
   * Value of an SSM parameter, decrypted, as `data.aws_ssm_parameter` reads it.
   *
   * @returns undefined when the region has no such parameter
   */
  readonly parameter: (region: string, name: string) => string | undefined;
  /** Twelve digits. @default 000000000000 */
  readonly accountId?: string;
}

/** A resource or data source with every reference resolved and its computed attributes filled in. */
export interface EvaluatedResource {
  readonly stack: string;
  /** Absolute folder of the stack, where relative paths in the values start. */
  readonly folder: string;
  readonly mode: 'data' | 'managed';
  /** `aws_lambda_function`. */
  readonly type: string;
  readonly name: string;
  /** As Terraform writes it: `data.aws_region.current`, `aws_s3_bucket.logs["a"]`. */
  readonly address: string;
  /** Region of its provider; empty when the stack has no AWS provider. */
  readonly region: string;
  readonly values: Readonly<Record<string, Json>>;
  /** Names of the arguments that the configuration sets, blocks included. */
  readonly configured: readonly string[];
}

export interface Evaluation {
  readonly resources: readonly EvaluatedResource[];
  /** Stack → output → value. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Functions of providers, which only those know: their values are placeholders. @default none */
  readonly unknownFunctions?: readonly { readonly stack: string; readonly name: string }[];
}
