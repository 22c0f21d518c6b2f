import type { JsonEvaluator } from './evaluate-json.ts';
import { toText } from './expression/convert.ts';
import { ExpressionError } from './expression/expression-error.ts';
import type { Scope } from './expression/scope.ts';
import type { Body, Stack } from './stack.ts';

/**
 * Region that a resource is made in: its own `region` argument (AWS provider 6), else that of the provider block which it names or
 * which is the default.
 *
 * @returns empty for a resource of another provider in a stack without an AWS provider
 */
export function regionOf(stack: Stack, type: string, body: Body, scope: Scope, evaluate: JsonEvaluator): string {
  const isAws = type.startsWith('aws_');
  if (isAws && typeof body.region === 'string') return toText(evaluate(body.region, scope));
  const named = typeof body.provider === 'string' && isAws ? body.provider : 'aws';
  const [, alias] = named.split('.');
  const provider = stack.json.provider.aws?.find((candidate) => candidate.alias === alias);
  if (provider?.region !== undefined) return toText(evaluate(provider.region, scope));
  if (!isAws) return '';
  throw new ExpressionError(`the provider "${named}" names no region`);
}
