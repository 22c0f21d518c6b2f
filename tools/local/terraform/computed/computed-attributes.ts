import { createHash } from 'node:crypto';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';

export interface ComputeInput {
  readonly stack: string;
  readonly address: string;
  /** Absolute folder of the stack. */
  readonly folder: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** The resource's configuration, resolved. */
  readonly values: Readonly<Record<string, Json>>;
  readonly parameter: (region: string, name: string) => string | undefined;
  /** What resources that are already evaluated tell of themselves, by their id: the path of an API's resource, the value of a key. */
  readonly told: Map<string, string>;
}

export type Attributes = Readonly<Record<string, Json>>;

/** The attributes that AWS, not the configuration, decides. They are the same for every evaluation of the same stacks. */
export type ComputeAttributes = (input: ComputeInput) => Attributes;

/** Resource type → its computed attributes. */
export type ComputedAttributesTable = Readonly<Record<string, ComputeAttributes>>;

/** Text of a configured argument; absent when it is not set. */
export function optionalText(values: Attributes, name: string): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws ExpressionError when the argument is not set */
export function requiredText(values: Attributes, name: string): string {
  const value = optionalText(values, name);
  if (value === undefined) throw new ExpressionError(`needs the argument ${name}, a text that is not empty`);
  return value;
}

/** The configured name, one made from the prefix, or one of its own, as the AWS provider does. */
export function nameOf(input: ComputeInput, argument = 'name'): string {
  const prefix = optionalText(input.values, `${argument}_prefix`) ?? 'terraform-';
  return optionalText(input.values, argument) ?? `${prefix}${identifier(input, 26)}`;
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An identifier of lower-case letters and digits, which depends on stack and address alone (and `seed`). */
export function identifier(input: Pick<ComputeInput, 'address' | 'stack'>, length = 10, seed = ''): string {
  const digest = createHash('sha512').update(`${input.stack}\n${input.address}\n${seed}`).digest();
  return [...digest.subarray(0, length)].map((byte) => letters[byte % letters.length]).join('');
}

/** An identifier in the form of a UUID. */
export function uuid(input: Pick<ComputeInput, 'address' | 'stack'>, seed = ''): string {
  const hex = createHash('sha256').update(`${input.stack}\n${input.address}\n${seed}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** `arn:aws:lambda:eu-central-1:000000000000:function:test`. */
export function arn(service: string, input: ComputeInput, resource: string): string {
  return `arn:${partitionOf(input.region)}:${service}:${input.region}:${input.accountId}:${resource}`;
}
