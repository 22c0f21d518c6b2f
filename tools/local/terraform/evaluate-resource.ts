import { ExpressionError } from './addressed-error.ts';
import type { ComputeInput } from './computed/computed-attributes.ts';
import { computedAttributes } from './computed/index.ts';
import { evaluateBody } from './evaluate-body.ts';
import type { JsonEvaluator } from './evaluate-json.ts';
import type { EvaluatedResource, EvaluateOptions } from './evaluation.ts';
import type { Scope } from './expression/scope.ts';
import { toText } from './expression/value/convert.ts';
import { fromBlockJson, toJson } from './expression/value/json.ts';
import type { Json, Value } from './expression/value/value.ts';
import type { Instance } from './for-each.ts';
import type { Body, Stack } from './stack.ts';

export interface ResourceBlock {
  readonly stack: Stack;
  readonly mode: EvaluatedResource['mode'];
  readonly type: string;
  readonly name: string;
  readonly body: Body;
}

const defaultAccountId = '000000000000';

/** A resource with what expressions see of it: its attributes with all that JSON cannot tell. */
export interface EvaluatedInstance extends EvaluatedResource {
  readonly attributes: ReadonlyMap<string, Value>;
}

/** What the evaluation of a resource needs besides its stack. */
export type ResourceOptions = Pick<EvaluateOptions, 'accountId' | 'parameter'> & Pick<ComputeInput, 'told'>;

/** Evaluates one instance: its region, its configuration, its computed attributes. */
export function evaluateResource(
  { stack, mode, type, name, body }: ResourceBlock,
  address: string,
  { scope }: Instance,
  evaluate: JsonEvaluator,
  { accountId = defaultAccountId, parameter, told }: ResourceOptions,
): EvaluatedInstance {
  const region = regionOf(stack, type, body, scope, evaluate);
  const arguments_ = evaluateBody(body, scope, evaluate);
  const configured: Record<string, Json> = Object.fromEntries(
    [...arguments_].map(([argument, value]) => [argument, toJson(value)]),
  );
  const computed = computedAttributes(
    mode,
    type,
  )?.({
    stack: stack.name,
    address,
    folder: stack.folder,
    region,
    accountId,
    values: configured,
    parameter,
    told,
  });
  const values = { ...configured, ...computed };
  const attributes = new Map([
    ...arguments_,
    ...Object.entries(computed ?? {}).map(([attribute, json]) => [attribute, fromBlockJson(json)] as const),
  ]);
  return {
    stack: stack.name,
    folder: stack.folder,
    mode,
    type,
    name,
    address,
    region,
    values,
    configured: [...arguments_.keys()],
    attributes,
  };
}

/** `aws_s3_bucket.data`, `data.aws_region.current`. */
export function blockAddress({ mode, type, name }: Pick<ResourceBlock, 'mode' | 'name' | 'type'>): string {
  return mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
}

/** The block's address with the instance's key. */
export function instanceAddress(address: string, { key }: Instance): string {
  return key === undefined ? address : `${address}[${JSON.stringify(key)}]`;
}

/**
 * Region that a resource is made in: its own `region` argument (AWS provider 6), else that of the provider block which it names or
 * which is the default.
 *
 * @returns empty for a resource of another provider in a stack without an AWS provider
 */
function regionOf(stack: Stack, type: string, body: Body, scope: Scope, evaluate: JsonEvaluator): string {
  const isAws = type.startsWith('aws_');
  if (isAws && typeof body.region === 'string') return toText(evaluate(body.region, scope));
  const named = typeof body.provider === 'string' && isAws ? body.provider : 'aws';
  const [, alias] = named.split('.');
  const provider = stack.json.provider.aws?.find((candidate) => candidate.alias === alias);
  if (provider?.region !== undefined) return toText(evaluate(provider.region, scope));
  if (!isAws) return '';
  throw new ExpressionError(`the provider "${named}" names no region`);
}
