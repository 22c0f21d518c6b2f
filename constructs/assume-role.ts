import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { Construct } from 'constructs';

/**
 * Trust policy that lets one AWS service assume a role.
 *
 * @param service - for example `lambda.amazonaws.com`
 * @returns a token of the JSON document
 */
export function assumedByService(scope: Construct, service: string): string {
  return new DataAwsIamPolicyDocument(scope, 'assume-role', {
    statement: [{ actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: [service] }] }],
  }).json;
}
