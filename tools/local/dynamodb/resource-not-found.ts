import { AwsError } from '#local/aws-endpoint/aws-error.ts';

/** DynamoDB's answer to a table that isn't there. */
export const resourceNotFound = (table: string): AwsError =>
  new AwsError(400, 'ResourceNotFoundException', `Requested resource not found: Table: ${table} not found`);
