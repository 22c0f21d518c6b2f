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
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import type { Table } from '#local/model/model.ts';

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

/** Answers the ARNs of what a call works on; the input is checked, so that names are strings. */
export type ResourcesOf = (input: Dynalite.Item) => readonly string[];

/**
 * A region's tables as IAM knows them: by the model's ARN, or the one that a table would have which isn't there. A call that works on no table gives `*`.
 *
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
 */
export function tableResources(region: string, tables: readonly Table[]): ResourcesOf {
  const known = new Map(tables.map(({ name, arn }) => [name, arn]));
  const arnOf = (name: string) => known.get(name) ?? `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${name}`;
  return ({ TableName, IndexName, RequestItems }) => {
    if (typeof TableName === 'string') {
      return [typeof IndexName === 'string' ? `${arnOf(TableName)}/index/${IndexName}` : arnOf(TableName)];
    }
    if (typeof RequestItems === 'object' && RequestItems !== null) return Object.keys(RequestItems).map(arnOf);
    return ['*'];
  };
}
