/**
 * Environment variables of the functions, declared once: a construct sets them and grants the actions, a handler reads them.
 * `kind` says what the value names; what may be done with it is an operation's {@link Access}.
 */
export const environment = {
  /** Stage, as in `settings.conf`: `dev`, `prod`. */
  STAGE: { kind: 'value' },
  /** `primary` or `secondary`. */
  REGION_TYPE: { kind: 'value' },
  TABLE_A_NAME: { kind: 'table', table: 'table-a' },
  TABLE_B_NAME: { kind: 'table', table: 'table-b' },
  DATA_BUCKET_NAME: { kind: 'bucket' },
} as const satisfies Readonly<Record<string, Variable>>;

type Variable =
  | { readonly kind: 'bucket' }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'value' };

interface ActionsByKind {
  readonly bucket: 's3:GetObject' | 's3:ListBucket' | 's3:PutObject';
  readonly table:
    | 'dynamodb:DeleteItem'
    | 'dynamodb:GetItem'
    | 'dynamodb:PutItem'
    | 'dynamodb:Query'
    | 'dynamodb:UpdateItem';
  readonly value: never;
}

/** Name of an environment variable. */
export type VariableName = keyof typeof environment;

/** Name of a global table, as the `data` stack declares it. */
export type TableName = Extract<(typeof environment)[VariableName], { readonly kind: 'table' }>['table'];

/** Variables that a handler reads, each with the IAM actions on what it names; a plain value takes an empty list. */
export type Access = {
  readonly [Name in VariableName]?: readonly ActionsByKind[(typeof environment)[Name]['kind']][];
};

/**
 * Reads the variables of an operation's access.
 *
 * @param access - the operation's declaration
 * @param source - where to read, `process.env` by default
 * @returns name → value, typed by the declaration
 * @throws Error naming every variable that is not set or empty
 */
export function readEnvironment<A extends Access>(
  access: A,
  source: Readonly<Record<string, string | undefined>> = process.env,
): { readonly [Name in keyof A & string]: string } {
  const names = Object.keys(access) as (keyof A & string)[];
  const missing = names.filter((name) => !source[name]);
  if (missing.length > 0) {
    throw new Error(
      `The function's environment lacks ${missing.join(', ')}: apply the api stack of this region again.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, source[name]])) as {
    readonly [Name in keyof A & string]: string;
  };
}
