import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import describeTable from 'dynalite/actions/describeTable.js';
import describeTimeToLive from 'dynalite/actions/describeTimeToLive.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import describeTableRules from 'dynalite/validations/describeTable.js';
import describeTimeToLiveRules from 'dynalite/validations/describeTimeToLive.js';
import getItemRules from 'dynalite/validations/getItem.js';
import listTablesRules from 'dynalite/validations/listTables.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';

export interface Operation {
  readonly rules: Dynalite.InputRules;
  readonly act: Dynalite.Action;
}

/** What of DynamoDB is served: everything of dynalite's that works on items. Tables come from the synthesized stacks alone. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['BatchGetItem', { rules: batchGetItemRules, act: batchGetItem }],
  ['BatchWriteItem', { rules: batchWriteItemRules, act: batchWriteItem }],
  ['DeleteItem', { rules: deleteItemRules, act: deleteItem }],
  ['DescribeTable', { rules: describeTableRules, act: describeTable }],
  ['DescribeTimeToLive', { rules: describeTimeToLiveRules, act: describeTimeToLive }],
  ['GetItem', { rules: getItemRules, act: getItem }],
  ['ListTables', { rules: listTablesRules, act: listTables }],
  ['PutItem', { rules: putItemRules, act: putItem }],
  ['Query', { rules: queryRules, act: query }],
  ['Scan', { rules: scanRules, act: scan }],
  ['UpdateItem', { rules: updateItemRules, act: updateItem }],
]);
