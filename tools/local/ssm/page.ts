import { invalidNextToken } from './errors.ts';
import type { ParameterVersion } from './parameter.ts';

/**
 * One page of parameters that are sorted by name. The token holds the last name of the page, so that parameters that come or go in between
 * shift nothing.
 *
 * @throws AwsError `InvalidNextToken`
 */
export function pageOf(
  parameters: readonly ParameterVersion[],
  size: number,
  token: string | undefined,
): { readonly page: readonly ParameterVersion[]; readonly next: { readonly NextToken?: string } } {
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
  if (token !== undefined && (token === '' || toToken(after) !== token)) throw invalidNextToken();
  const rest = parameters.filter(({ name }) => name > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { page, next: last && rest.length > size ? { NextToken: toToken(last.name) } : {} };
}

const toToken = (name: string): string => Buffer.from(name).toString('base64url');
