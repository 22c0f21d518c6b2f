import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { invalidNextToken, validationError } from './errors.ts';
import type { ParameterFilter } from './inputs.ts';
import type { ParameterVersion } from './parameter-store.ts';

const toToken = (name: string): string => Buffer.from(name).toString('base64url');

type Matches = (parameter: ParameterVersion, value: string) => boolean;

interface FilterKey {
  /** Option → whether a parameter has the value; the first is the default. */
  readonly options: ReadonlyMap<string, Matches>;
  readonly operations: readonly FilteringOperation[];
}

/** Operations that take filters. */
type FilteringOperation = 'DescribeParameters' | 'GetParametersByPath';

const BOTH = ['DescribeParameters', 'GetParametersByPath'] as const;

/** Source: AWS Systems Manager API Reference, "ParameterStringFilter". */
const FILTERS: ReadonlyMap<string, FilterKey> = new Map<string, FilterKey>([
  ['Path', { options: pathOptions(), operations: ['DescribeParameters'] }],
  ['Name', { options: textOptions(({ name }) => name, true), operations: ['DescribeParameters'] }],
  ['Type', { options: textOptions(({ type }) => type), operations: BOTH }],
  ['KeyId', { options: textOptions(keyOf), operations: BOTH }],
  ['Tier', { options: textOptions(({ tier }) => tier), operations: ['DescribeParameters'] }],
  ['DataType', { options: textOptions(({ dataType = 'text' }) => dataType), operations: ['DescribeParameters'] }],
  [
    'Label',
    {
      options: new Map([['Equals', ({ labels }, value) => labels.includes(value)]]),
      operations: ['GetParametersByPath'],
    },
  ],
]);

/**
 * @returns whether a parameter passes every filter
 * @throws AwsError `InvalidFilterKey`, `InvalidFilterOption`, `InvalidFilterValue`, `ValidationException`
 */
export function parameterFilter(
  operation: FilteringOperation,
  filters: readonly ParameterFilter[],
): (parameter: ParameterVersion) => boolean {
  const keys = filters.map(({ Key }) => Key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) {
    throw invalidFilterKey(
      `The following filter is duplicated in the request: ${twice}. A request can contain only one occurrence of a specific filter.`,
    );
  }
  const tests = filters.map((filter) => toTest(operation, filter));
  return (parameter) => tests.every((test) => test(parameter));
}

function toTest(operation: FilteringOperation, { Key, Option, Values }: ParameterFilter) {
  const filter = FILTERS.get(Key);
  if (!filter?.operations.includes(operation)) {
    const valid = [...FILTERS].filter(([, { operations }]) => operations.includes(operation)).map(([key]) => key);
    throw invalidFilterKey(
      `The following filter key is not valid: ${Key}. Valid filter keys include: [${valid.join(', ')}].`,
    );
  }
  if (!Values) {
    const message = `The following filter values are missing : null for filter key ${Key}.`;
    throw new AwsError(400, 'InvalidFilterValue', message);
  }
  const option = Option ?? (Key === 'Path' ? 'OneLevel' : 'Equals');
  const matches = filter.options.get(option);
  if (!matches) {
    const valid = [...filter.options.keys()].join(', ');
    const message = `The following filter option is not valid: ${option}. Valid options include: [${valid}].`;
    throw new AwsError(400, 'InvalidFilterOption', message);
  }
  if (Key === 'Path') for (const value of Values) requirePath(value);
  return (parameter: ParameterVersion) => Values.some((value) => matches(parameter, value));
}

const invalidFilterKey = (message: string): AwsError => new AwsError(400, 'InvalidFilterKey', message);

function textOptions(textOf: (parameter: ParameterVersion) => string, hasContains = false): FilterKey['options'] {
  return new Map<string, Matches>([
    ['BeginsWith', (parameter, value) => textOf(parameter).startsWith(value)],
    ['Equals', (parameter, value) => textOf(parameter) === value],
    ...(hasContains
      ? [['Contains', (parameter, value) => textOf(parameter).includes(value)] satisfies [string, Matches]]
      : []),
  ]);
}

function pathOptions(): FilterKey['options'] {
  return new Map<string, Matches>([
    ['Recursive', ({ name }, value) => isBelow(value, true)(name)],
    ['OneLevel', ({ name }, value) => isBelow(value, false)(name)],
  ]);
}

function keyOf({ type, keyId = 'alias/aws/ssm' }: ParameterVersion): string {
  return type === 'SecureString' ? keyId : '';
}

/** @throws AwsError `ValidationException` */
export function requirePath(path: string): void {
  const isWellFormed = /^\/(?!(?:aws|ssm))[\w.\-/]*$/i.test(path) && !path.includes('//');
  if (isWellFormed) return;
  throw validationError(
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );
}

/** Whether a name is below a path: directly, or at any depth when recursive. One without a slash is directly below `/`. */
export function isBelow(path: string, recursive: boolean): (name: string) => boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return (name) => {
    const full = name.startsWith('/') ? name : `/${name}`;
    return full.startsWith(prefix) && (recursive || !full.includes('/', prefix.length));
  };
}

/**
 * One page of a list that is sorted by an id. The token holds the last id of the page, so that what comes or goes in between shifts nothing.
 *
 * @throws AwsError `InvalidNextToken`
 */
export function pageOf<Entry>(
  entries: readonly Entry[],
  idOf: (entry: Entry) => string,
  size: number,
  token: string | undefined,
): { readonly page: readonly Entry[]; readonly next: { readonly NextToken?: string } } {
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
  if (token !== undefined && (token === '' || toToken(after) !== token)) throw invalidNextToken();
  const rest = entries.filter((entry) => idOf(entry) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { page, next: last && rest.length > size ? { NextToken: toToken(idOf(last)) } : {} };
}
