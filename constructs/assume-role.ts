import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import type { Construct } from 'constructs';

/**
 * Trust policy that lets one AWS service assume a role.
 *
 * @param service - for example `lambda.amazonaws.com`
 * @param source - for whom the service must act, where it says so. @default - whoever had the right to give it the role
 * @returns a token of the JSON document
 */
export function assumedByService(
  scope: Construct,
  service: string,
  source?: { readonly accountId: string; readonly arn: string },
): string {
  const condition = source && [
    { test: 'StringEquals', variable: 'aws:SourceAccount', values: [source.accountId] },
    { test: 'ArnLike', variable: 'aws:SourceArn', values: [source.arn] },
  ];
  return new DataAwsIamPolicyDocument(scope, 'assume-role', {
    statement: [
      {
        actions: ['sts:AssumeRole'],
        principals: [{ type: 'Service', identifiers: [service] }],
        ...(condition && { condition }),
      },
    ],
  }).json;
}
