import type { Construct } from 'constructs';
import { GlobalTable } from '#constructs/global-table.ts';
import type { TableName } from '#functions/environment.ts';
import { isProtected, type StageContext } from './context.ts';
import { tableName } from './naming.ts';
import { createStack } from './stage-stack.ts';

/** What the `data` stack offers to others: physical table names, the same in both regions. */
export interface Data {
  readonly tableNames: Readonly<Record<TableName, string>>;
}

interface TableKeys {
  readonly partitionKey: string;
  readonly sortKey?: string;
}

const event: TableKeys = { partitionKey: 'date', sortKey: 'time' };
const byId: TableKeys = { partitionKey: 'id' };

/** Tables whose name starts with `preview-` belong to the environment `preview`, so that live data stays out of reach of a test. */
const tableKeys: Readonly<Record<TableName, TableKeys>> = {
  'table-a': byId,
  'table-b': byId,
  user: byId,
  'preview-user': byId,
  'event-log': event,
  'preview-event-log': event,
};

/** `<stage>-data`: the global tables, made in the primary region with a replica in the secondary. */
export function createDataStack(scope: Construct, context: StageContext): Data {
  const { stack } = createStack(scope, context, 'data', context.settings.primaryRegion);
  const table = (name: TableName) =>
    new GlobalTable(stack, name, {
      ...tableKeys[name],
      tableName: tableName(context, name),
      replicaRegion: context.settings.secondaryRegion,
      deletionProtection: isProtected(context.stage),
    }).tableName;
  return {
    tableNames: {
      'table-a': table('table-a'),
      'table-b': table('table-b'),
      user: table('user'),
      'preview-user': table('preview-user'),
      'event-log': table('event-log'),
      'preview-event-log': table('preview-event-log'),
    },
  };
}
