import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type { $ZodType } from 'zod/v4/core';
import { GlobalTable, type TableKeys } from '#constructs/global-table.ts';
import { ReleaseGuard } from '#constructs/release/release-guard.ts';
import { event } from '#contract/event.ts';
import { jsonSchema } from '#contract/json-schema.ts';
import { user } from '#contract/user.ts';
import { tables as declaredTables, type TableName } from '#functions/environment.ts';
import { isProtected, type StageContext } from './context.ts';
import { tableName } from './naming.ts';
import { ChangedTableError, type FunctionRecord, KEEPS, type ReleaseRecords, recordsPath } from './release-record.ts';
import { createStack } from './stage-stack.ts';

/** What the `data` stack offers to others. */
export interface Data {
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
  tables: Readonly<Record<string, TableKeys>> = declaredTables,
): Data {
  const { stack } = createStack(scope, context, 'data', context.settings.primaryRegion);
  const recorded = recordedTables(records);
  const changed = [...recorded].filter(([name, { keys }]) => name in tables && keysOf(tables[name]) !== keysOf(keys));
  if (changed.length > 0) {
    throw new ChangedTableError(
      changed.map(([name, { environments, keys }]) => ({
        name,
        environments,
        keys: keysOf(keys),
        wanted: keysOf(tables[name]),
      })),
    );
  }
  const kept = [...recorded].filter(([name]) => !(name in tables)).map(([name, { keys }]) => [name, keys] as const);
  const all = new Map([...Object.entries(tables), ...kept]);
  const names = new Map(
    [...all].map(([name, keys]) => {
      const { tableName: physical } = new GlobalTable(stack, name, {
        ...keys,
        tableName: tableName(context, name),
        replicaRegion: context.settings.secondaryRegion,
        deletionProtection: isProtected(context.stage),
      });
      return [name, physical] as const;
    }),
  );
  new ReleaseGuard(stack, 'releases', {
    path: recordsPath(context),
    claims: [
      {
        needed: ({ record }) =>
          `[for table, keys in ${record}.tables : "\${table} by \${join(" and ", compact([keys.partitionKey, try(keys.sortKey, "")]))}"]`,
        declared: [...all].map(([name, keys]) => `${name} by ${keysOf(keys)}`),
        problem: 'Deployed environments run on tables that this configuration does not have, or has with other keys:',
        remedy: KEEPS,
      },
    ],
  });
  const physicalName = (table: string) => names.get(table) ?? tableName(context, table);
  return { tableNames: Object.keys(declaredTables).map(physicalName), tableName: physicalName };
}

/** A table as a release records it: keys, and what its items are. */
export function tableRecord(table: TableName): FunctionRecord['tables'][string] {
  const schema = storedItems[table];
  if (schema === undefined) return declaredTables[table];
  // Text of an expression loses its backslashes, which patterns are full of.
  const text = Buffer.from(JSON.stringify(jsonSchema(schema, 'draft-04'))).toString('base64');
  return { ...declaredTables[table], item: Fn.base64decode(text) };
}

/** Tables that environments run on, in one region at least. */
function recordedTables(records: ReleaseRecords) {
  const tables = new Map<string, { readonly keys: TableKeys; readonly environments: readonly string[] }>();
  for (const { environment, functions } of [...records.primary, ...records.secondary]) {
    for (const [name, keys] of Object.values(functions).flatMap((record) => Object.entries(record.tables))) {
      const environments = new Set([...(tables.get(name)?.environments ?? []), environment]);
      tables.set(name, { keys, environments: [...environments] });
    }
  }
  return tables;
}

/** `date and time` */
function keysOf(keys: TableKeys | undefined): string {
  return [keys?.partitionKey, keys?.sortKey].filter((key) => key !== undefined).join(' and ');
}
