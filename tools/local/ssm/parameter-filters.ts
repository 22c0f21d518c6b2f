import { AwsError } from '../aws-endpoint/aws-error.ts';
import type { ParameterFilter } from './inputs.ts';
import type { ParameterVersion } from './parameter.ts';

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
