import type { ComputedAttributesTable } from './computed-attributes.ts';

/** Data sources that tell where the resources are made. */
export const accountData: ComputedAttributesTable = {
  aws_caller_identity: ({ accountId }) => ({
    id: accountId,
    account_id: accountId,
    arn: `arn:aws:iam::${accountId}:user/local`,
    user_id: 'AIDALOCALLOCALLOCAL00',
  }),
  aws_region: ({ region }) => ({ id: region, name: region, region, endpoint: `ec2.${region}.amazonaws.com` }),
  aws_partition: () => ({
    id: 'aws',
    partition: 'aws',
    dns_suffix: 'amazonaws.com',
    reverse_dns_prefix: 'com.amazonaws',
  }),
};
