import { ACCOUNT_ID } from '../aws-endpoint/account.ts';

/**
 * ARNs of what an operation works on.
 *
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
 *
 * @param input - checked, so that names are strings
 * @returns `*` for operations that work on no table
 */
export function resourcesOf(region: string, input: Dynalite.Item): readonly string[] {
  const arn = (table: string) => `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${table}`;
  const { TableName, IndexName, RequestItems } = input;
  if (typeof TableName === 'string') {
    return [typeof IndexName === 'string' ? `${arn(TableName)}/index/${IndexName}` : arn(TableName)];
  }
  if (typeof RequestItems === 'object' && RequestItems !== null) return Object.keys(RequestItems).map(arn);
  return ['*'];
}
