import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, type TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type { $ZodType } from 'zod/v4/core';
import { GlobalTable } from '#constructs/global-table.ts';
import { ReleaseGuard } from '#constructs/release/release-guard.ts';
import { event } from '#contract/event.ts';
import { jsonSchema } from '#contract/json-schema.ts';
import { user } from '#contract/user.ts';
import {
  tables as declaredTables,
  type TableDeclaration,
  type TableKeys,
  type TableName,
} from '#functions/environment.ts';
import { hasOwnKeys, inRegion, isProtected, type RegionType, type StageContext } from './context.ts';
import { declareTableKey } from './keys.ts';
import { tableName } from './naming.ts';
import { ChangedTableError, type FunctionRecord, KEEPS, type ReleaseRecords, recordsPath } from './release-record.ts';
import { addProvider, createStack } from './stage-stack.ts';

/** What the `data` stack offers to others. */
export interface Data {
  /** For what else is of both regions' data. */
  readonly declaredIn: {
    readonly stack: TerraformStack;
    readonly providers: Readonly<Record<RegionType, AwsProvider>>;
  };
  /** Physical names of the code's tables, the same in both regions. */
  readonly tableNames: readonly string[];
  /** @returns physical name of one of them */
  readonly tableName: (table: TableName) => string;
}

/** What `GET /test` leaves in a table. */
const mark = z.object({ id: z.string(), writtenAt: z.iso.datetime(), env: z.string(), region: z.string() });

/**
 * Items of each table, as this version writes them and must be able to read them. Each release records these schemas, so that another release can be
 * asked whether it could read what this one wrote. A table of the environment preview is nobody else's.
 */
export const storedItems: Readonly<Partial<Record<TableName, $ZodType>>> = {
  'table-a': mark,
  'table-b': mark,
  user,
  'event-log': event,
};

/**
 * `<stage>-data`: the global tables, made in the primary region with a replica in the secondary. Tables that the code no longer names stay
 * while an environment's record names them.
 *
 * @param tables - of the code. @default - those of functions/environment.ts
 * @throws ChangedTableError for a table whose keys are others than those that an environment runs on
 */
export function createDataStack(
  scope: Construct,
  context: StageContext,
  records: ReleaseRecords,
  tables: Readonly<Record<string, TableDeclaration>> = declaredTables,
): Data {
  const { stack, provider } = createStack(scope, context, 'data', context.settings.primaryRegion);
  const providers = {
    primary: provider,
    // Needed or not: Terraform takes away what it made there with the provider that made it, and refuses where it is no longer declared.
    secondary: addProvider(stack, context, context.settings.secondaryRegion, 'secondary'),
  };
  const recorded = recordedFinders(records);
  const declared = findersOf(tables);
  const changed = [...recorded].filter(([name, { keys }]) => declared.has(name) && declared.get(name) !== keys);
  if (changed.length > 0) {
    throw new ChangedTableError(
      changed.map(([name, { keys, environments }]) => ({ name, keys, environments, wanted: declared.get(name) ?? '' })),
    );
  }
  const all = withKept(tables, records);
  const keyArns = tableKeys(stack, context, providers, Object.keys(all));
  const names = new Map(
    Object.entries(all).map(([name, table]) => {
      const { tableName: physical } = new GlobalTable(stack, name, {
        ...table,
        tableName: tableName(context, name),
        replicaRegion: context.settings.secondaryRegion,
        deletionProtection: isProtected(context.stage),
        ...(keyArns && { keyArns }),
      });
      return [name, physical] as const;
    }),
  );
  new ReleaseGuard(stack, 'releases', {
    path: recordsPath(context),
    claims: [
      {
        needed: ({ record }) =>
          `flatten([for table, keys in ${record}.tables : concat(["\${table} by ${KEYS}"], ` +
          `[for index, keys in try(keys.indexes, {}) : "\${table}/\${index} by ${KEYS}"])])`,
        declared: [...findersOf(all)].map(([name, keys]) => `${name} by ${keys}`),
        problem:
          'Deployed environments run on tables or indexes that this configuration does not have, or has with other keys:',
        remedy: KEEPS,
      },
    ],
  });
  const physicalName = (table: string) => names.get(table) ?? tableName(context, table);
  return {
    declaredIn: { stack, providers },
    tableNames: Object.keys(declaredTables).map(physicalName),
    tableName: physicalName,
  };
}

/** Declares a key in each region where settings ask for any; what encrypts the tables, if they have a part in it. */
function tableKeys(
  stack: TerraformStack,
  context: StageContext,
  providers: Readonly<Record<RegionType, AwsProvider>>,
  tables: readonly string[],
) {
  if (!hasOwnKeys(context)) return undefined;
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const tableNames = tables.map((table) => tableName(context, table));
  const keyIn = (regionType: RegionType) =>
    declareTableKey(stack, inRegion(context, regionType), { accountId, tableNames, provider: providers[regionType] })
      .arn;
  const keyArns = { table: keyIn('primary'), replica: keyIn('secondary') };
  return context.settings.ownKeys.includes('tables') ? keyArns : undefined;
}

/** Names of a table's indexes. */
export function indexesOf(table: TableName): readonly string[] {
  const { indexes = {} }: TableDeclaration = declaredTables[table];
  return Object.keys(indexes).sort();
}

/** A table as a release records it: keys, indexes, and what its items are. */
export function tableRecord(table: TableName): FunctionRecord['tables'][string] {
  const schema = storedItems[table];
  if (schema === undefined) return declaredTables[table];
  // Text of an expression loses its backslashes, which patterns are full of.
  const text = Buffer.from(JSON.stringify(jsonSchema(schema, 'draft-04'))).toString('base64');
  return { ...declaredTables[table], item: Fn.base64decode(text) };
}

type Tables = Readonly<Record<string, TableDeclaration>>;

/** Expression of a table's or an index's keys in a record: as {@link keysOf} writes them. */
const KEYS = `\${join(" and ", compact([keys.partitionKey, try(keys.sortKey, "")]))}`;

/** What items are found by, `date and time`: of a table by its name, of an index by `table/index`. */
function findersOf(tables: Tables): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tables).flatMap(([name, table]) => [
      [name, keysOf(table)] as const,
      ...Object.entries(table.indexes ?? {}).map(([index, keys]) => [`${name}/${index}`, keysOf(keys)] as const),
    ]),
  );
}

/** What environments find items by, in one region at least. */
function recordedFinders(records: ReleaseRecords) {
  const finders = new Map<string, { readonly keys: string; readonly environments: readonly string[] }>();
  for (const { environment, tables } of recordedTables(records)) {
    for (const [name, keys] of findersOf(tables)) {
      const environments = new Set([...(finders.get(name)?.environments ?? []), environment]);
      finders.set(name, { keys, environments: [...environments] });
    }
  }
  return finders;
}

/** The code's tables and indexes with those that environments run on beside them. */
function withKept(tables: Tables, records: ReleaseRecords): Tables {
  const all = new Map(Object.entries(tables));
  for (const recorded of recordedTables(records)) {
    for (const [name, { partitionKey, sortKey, indexes }] of Object.entries(recorded.tables)) {
      const table = all.get(name) ?? { partitionKey, sortKey };
      all.set(name, indexes === undefined ? table : { ...table, indexes: { ...indexes, ...table.indexes } });
    }
  }
  return Object.fromEntries(all);
}

function recordedTables(records: ReleaseRecords) {
  return [...records.primary, ...records.secondary].flatMap(({ environment, functions }) =>
    Object.values(functions).map(({ tables }) => ({ environment, tables })),
  );
}

function keysOf({ partitionKey, sortKey }: TableKeys): string {
  return [partitionKey, sortKey].filter((key) => key !== undefined).join(' and ');
}
