import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { invalidNextToken } from './errors.ts';
import type { ParameterFilter } from './inputs.ts';
import type { ParameterVersion } from './parameter-store.ts';

const toToken = (name: string): string => Buffer.from(name).toString('base64url');

type Matches = (parameter: ParameterVersion, value: string) => boolean;

/** Key and option → whether a parameter has one of the values (AWS Systems Manager API Reference, "ParameterStringFilter"). */
const FILTERS: ReadonlyMap<string, Matches> = new Map([
  ['Name Equals', ({ name }, value) => name === value],
  ['Name BeginsWith', ({ name }, value) => name.startsWith(value)],
  ['Name Contains', ({ name }, value) => name.includes(value)],
  ['Type Equals', ({ type }, value) => type === value],
  ['Tier Equals', ({ tier }, value) => tier === value],
  ['Path OneLevel', ({ name }, value) => isBelow(value, false)(name)],
  ['Path Recursive', ({ name }, value) => isBelow(value, true)(name)],
] satisfies [string, Matches][]);

/**
 * @returns whether a parameter passes every filter
 * @throws AwsError `InvalidFilterOption` for a filter that isn't served
 */
export function parameterFilter(filters: readonly ParameterFilter[]): (parameter: ParameterVersion) => boolean {
  const tests = filters.map(({ Key, Option = Key === 'Path' ? 'OneLevel' : 'Equals', Values }) => {
    const matches = FILTERS.get(`${Key} ${Option}`);
    if (matches) return (parameter: ParameterVersion) => Values.some((value) => matches(parameter, value));
    const message = `The filter ${Key} with the option ${Option} isn't served; served are ${[...FILTERS.keys()].join(', ')}.`;
    throw new AwsError(400, 'InvalidFilterOption', message);
  });
  return (parameter) => tests.every((test) => test(parameter));
}

/** Whether a name is below a path: directly, or at any depth when recursive. */
export function isBelow(path: string, recursive: boolean): (name: string) => boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return (name) => name.startsWith(prefix) && (recursive || !name.includes('/', prefix.length));
}

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
