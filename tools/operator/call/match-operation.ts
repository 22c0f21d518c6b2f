import type { Operation } from '../../../functions/contract/operation.ts';
import { columns } from '../cli/columns.ts';
import { CallError } from './call-error.ts';

/**
 * The operation that a request is for.
 *
 * @param target - path, with or without a query
 * @throws CallError that lists every route when there is none
 */
export function matchOperation(operations: readonly Operation[], method: string, target: string): Operation {
  const [path = ''] = target.split('?', 1);
  const found = operations.find((operation) => operation.method === method && patternOf(operation).test(path));
  if (found) return found;
  const routes = columns(operations.map((operation) => [operation.method, operation.path, operation.summary]));
  throw new CallError(`No route ${method} ${path}. There are:\n${routes.map((line) => `  ${line}`).join('\n')}`);
}

function patternOf({ path }: Operation): RegExp {
  const segments = path.split('/').map((segment) => (segment.startsWith('{') ? '[^/]+' : escapeRegExp(segment)));
  return new RegExp(`^${segments.join('/')}/?$`);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
