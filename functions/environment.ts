/**
 * The API environment beside those of the settings: it follows `$LATEST`, never receives the public names' traffic, and has data of its own,
 * in the tables of the variables that start with `PREVIEW_`.
 */
export const PREVIEW = 'preview';

/** Function that writes an item in its region and reads the other's once a minute, and the table of those items. */
export const HEARTBEAT = 'heartbeat';

/** What items are found by. It cannot be changed: DynamoDB makes another table, an empty one, of other keys. */
export interface TableKeys {
  /** String attribute. */
  readonly partitionKey: string;
  /** String attribute. @default - no sort key */
  readonly sortKey?: string | undefined;
}

/** A table as the code declares it. */
export interface TableDeclaration extends TableKeys {
  /**
   * What else its items are found by, per index: those that have the attributes, whole, and a moment after they were written. An index may be added and
   * taken away; under one name its keys stay. DynamoDB makes one index at a time and a table has 20 at most.
   *
   * @default - none
   */
  readonly indexes?: Readonly<Record<string, TableKeys>> | undefined;
}

/**
 * The global tables. A table is added here, with a variable below that names it. Tables whose name starts with `preview-` belong to the environment
 * {@link PREVIEW}, so that live data stays out of reach of a test. That of {@link HEARTBEAT} is no operation's, so no variable names it.
 */
export const tables = {
  'table-a': { partitionKey: 'id' },
  'table-b': { partitionKey: 'id' },
  user: { partitionKey: 'id' },
  'preview-user': { partitionKey: 'id' },
  'event-log': { partitionKey: 'date', sortKey: 'time' },
  'preview-event-log': { partitionKey: 'date', sortKey: 'time' },
  heartbeat: { partitionKey: 'id' },
} as const satisfies Readonly<Record<string, TableDeclaration>>;

/** Name of a global table, as the `data` stack declares it. */
export type TableName = keyof typeof tables;

/**
 * Environment variables of the functions, declared once: a construct sets them and grants the actions, a handler reads them.
 * `kind` says what the value names; what may be done with it is an operation's {@link Access}.
 */
export const environment = {
  /** Stage, as in `settings.conf`: `dev`, `prod`. */
  STAGE: { kind: 'value' },
  REGION_TYPE: { kind: 'value', allowed: ['primary', 'secondary'] },
  /** Of `settings.conf`, as JSON: functions behind a proxy integration of a REST API have it without asking, for their responses. */
  CORS: { kind: 'value' },
  /** Of the metrics that functions write into their log, for `writeMetrics`. */
  METRIC_NAMESPACE: { kind: 'value' },
  /** What to record of requests, as JSON: functions have it without asking where settings want it. */
  RECORDING: { kind: 'value' },
  TABLE_A_NAME: { kind: 'table', table: 'table-a' },
  TABLE_B_NAME: { kind: 'table', table: 'table-b' },
  DATA_BUCKET_NAME: { kind: 'bucket' },
  USER_TABLE_NAME: { kind: 'table', table: 'user' },
  PREVIEW_USER_TABLE_NAME: { kind: 'table', table: 'preview-user' },
  EVENT_TABLE_NAME: { kind: 'table', table: 'event-log' },
  PREVIEW_EVENT_TABLE_NAME: { kind: 'table', table: 'preview-event-log' },
  /** Full path of the JSON map in SSM Parameter Store of the function's region. */
  REPLACEMENT_MAP_PARAMETER: { kind: 'parameter', parameter: 'replacement_map' },
  /** Likewise of the API keys that are admitted, separated by commas. The container API reads it: gateways know keys themselves. */
  API_KEYS_PARAMETER: { kind: 'parameter', parameter: 'api_key' },
} as const satisfies Readonly<Record<string, Variable>>;

type Variable =
  | { readonly kind: 'bucket' }
  | { readonly kind: 'parameter'; readonly parameter: string }
  | { readonly kind: 'table'; readonly table: TableName }
  | { readonly kind: 'value'; readonly allowed?: readonly string[] };

interface ActionsByKind {
  readonly parameter: 'ssm:GetParameter';
  readonly bucket: 's3:GetObject' | 's3:ListBucket' | 's3:PutObject';
  readonly table:
    | 'dynamodb:BatchGetItem'
    | 'dynamodb:BatchWriteItem'
    | 'dynamodb:ConditionCheckItem'
    | 'dynamodb:DeleteItem'
    | 'dynamodb:GetItem'
    | 'dynamodb:PutItem'
    | 'dynamodb:Query'
    | 'dynamodb:Scan'
    | 'dynamodb:UpdateItem';
  readonly value: never;
}

/** Name of an environment variable. */
export type VariableName = keyof typeof environment;

/** Variables that a handler reads, each with the IAM actions on what it names; a plain value takes an empty list. */
export type Access = {
  readonly [Name in VariableName]?: readonly ActionsByKind[(typeof environment)[Name]['kind']][];
};

/** What a variable may hold: one of its allowed values where it declares them, else any string. */
export type Value<Name extends VariableName> = (typeof environment)[Name] extends {
  readonly allowed: readonly (infer Allowed)[];
}
  ? Allowed
  : string;

/** The variables of an {@link Access}, read. */
export type Values<A extends Access> = { readonly [Name in keyof A & VariableName]: Value<Name> };

type Source = Readonly<Record<string, string | undefined>>;

/** What runs operations, for messages. */
interface Host {
  readonly name: string;
  readonly remedy: string;
}

const LAMBDA: Host = { name: 'The function', remedy: 'Apply the api stack of this region again.' };

/**
 * Reads the variables of an operation's access.
 *
 * @param access - the operation's declaration
 * @param source - where to read, `process.env` by default
 * @param host - whose environment it is, and what mends it
 * @returns name → value, typed by the declaration
 * @throws Error naming every variable that is not set, empty, or holds a value that is not allowed
 */
export function readEnvironment<A extends Access>(
  access: A,
  source: Source = process.env,
  host: Host = LAMBDA,
): Values<A> {
  const names = Object.keys(access) as (keyof A & VariableName)[];
  const problems = names.flatMap((name) => problemsOf(name, source[name]));
  if (problems.length > 0) {
    throw new Error(`${host.name}'s environment: ${problems.join('; ')}. ${host.remedy}`);
  }
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Values<A>;
}

/**
 * The AWS region that the function runs in, which Lambda itself sets.
 *
 * Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
 *
 * @throws Error when `AWS_REGION` is not set, which only happens outside Lambda
 */
export function readRegion(source: Source = process.env): string {
  const region = source.AWS_REGION;
  if (!region) throw new Error('AWS_REGION is not set: Lambda sets it; elsewhere set it to the region to serve.');
  return region;
}

function problemsOf(name: VariableName, value: string | undefined): readonly string[] {
  if (!value) return [`${name} is not set`];
  const variable: Variable = environment[name];
  if (variable.kind !== 'value' || variable.allowed === undefined || variable.allowed.includes(value)) return [];
  return [`${name} is '${value}', allowed are ${variable.allowed.join(', ')}`];
}
