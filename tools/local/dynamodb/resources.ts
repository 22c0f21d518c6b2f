import { ACCOUNT_ID } from '../aws-endpoint/account.ts';
import type { Table } from '../model/model.ts';

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
