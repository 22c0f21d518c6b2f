import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
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
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import { resourceNotFound, type TableStore } from '#local/dynamodb/store/table-store.ts';
import type { Table } from '#local/model/model.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import { projectLocalIndex } from './local-index.ts';

export interface Operation {
  readonly rules: Dynalite.InputRules;
  readonly act: (store: TableStore, input: Dynalite.Item, callback: Dynalite.Callback<unknown>) => void;
}

/** Writes say whether a condition that fails answers with the item; dynalite doesn't know of it. */
function conditional(rules: Dynalite.InputRules): Dynalite.InputRules {
  const onFailure = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
  return { ...rules, types: { ...rules.types, ReturnValuesOnConditionCheckFailure: onFailure } };
}

export const PUT: Operation = { rules: conditional(putItemRules), act: putItem };
export const UPDATE: Operation = { rules: conditional(updateItemRules), act: updateItem };
export const DELETE: Operation = { rules: conditional(deleteItemRules), act: deleteItem };
export const GET: Operation = { rules: getItemRules, act: getItem };

/** What of dynalite's is served: everything that works on items. Tables come from the synthesized stacks alone. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['BatchGetItem', { rules: batchGetItemRules, act: batchGetItem }],
  ['BatchWriteItem', { rules: batchWriteItemRules, act: batchWriteItem }],
  ['DeleteItem', DELETE],
  ['DescribeTable', { rules: describeTableRules, act: describeTable }],
  ['DescribeTimeToLive', { rules: describeTimeToLiveRules, act: describeTimeToLive }],
  ['GetItem', GET],
  ['ListTables', { rules: listTablesRules, act: listTables }],
  ['PutItem', PUT],
  ['Query', { rules: queryRules, act: projectLocalIndex(query) }],
  ['Scan', { rules: scanRules, act: projectLocalIndex(scan) }],
  ['UpdateItem', UPDATE],
]);

function describeTable(store: TableStore, { TableName }: Dynalite.Item, callback: Dynalite.Callback<unknown>): void {
  const name = String(TableName);
  if (store.has(name)) callback(null, { Table: store.describe(name) });
  else callback(resourceNotFound(`: Table: ${name} not found`));
}

/** Answers the ARNs of what a call works on; the input is checked, so that names are strings. */
export type ResourcesOf = (input: Dynalite.Item) => readonly string[];

/**
 * A region's tables as IAM knows them: by the model's ARN, or the one that a table would have which isn't there. A call that works on no table gives `*`.
 *
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
 */
export function tableResources(region: string, tables: readonly Table[]): ResourcesOf {
  const arnOf = (name: string) =>
    tables.find((table) => table.name === name)?.arn ??
    `arn:${partitionOf(region)}:dynamodb:${region}:${ACCOUNT_ID}:table/${name}`;
  return ({ TableName, IndexName, RequestItems }) => {
    if (typeof TableName === 'string') {
      return [typeof IndexName === 'string' ? `${arnOf(TableName)}/index/${IndexName}` : arnOf(TableName)];
    }
    if (typeof RequestItems === 'object' && RequestItems !== null) return Object.keys(RequestItems).map(arnOf);
    return ['*'];
  };
}
