import type { Construct } from 'constructs';
import { GlobalTable } from '../constructs/global-table.ts';
import type { TableName } from '../functions/environment.ts';
import { isProtected, type StageContext } from './context.ts';
import { tableName } from './naming.ts';
import { createStack } from './stage-stack.ts';

/** What the `data` stack offers to others: physical table names, the same in both regions. */
export interface Data {
  readonly tableNames: Readonly<Record<TableName, string>>;
}

/** `<stage>-data`: the global tables, made in the primary region with a replica in the secondary. */
export function createDataStack(scope: Construct, context: StageContext): Data {
  const stack = createStack(scope, context, 'data', context.settings.primaryRegion);
  const table = (name: TableName) =>
    new GlobalTable(stack, name, {
      tableName: tableName(context, name),
      partitionKey: 'id',
      replicaRegion: context.settings.secondaryRegion,
      deletionProtection: isProtected(context.stage),
    }).tableName;
  return { tableNames: { 'table-a': table('table-a'), 'table-b': table('table-b') } };
}
