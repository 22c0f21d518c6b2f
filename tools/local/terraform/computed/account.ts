import { partitionOf, serviceHost } from '#stacks/settings/partitions.ts';
import type { ComputedAttributesTable } from './computed-attributes.ts';

/** Data sources that tell where the resources are made. */
export const accountData: ComputedAttributesTable = {
  aws_caller_identity: ({ accountId, region }) => ({
    id: accountId,
    account_id: accountId,
    arn: `arn:${partitionOf(region)}:iam::${accountId}:user/local`,
    user_id: 'AIDALOCALLOCALLOCAL00',
  }),
  aws_region: ({ region }) => ({ id: region, name: region, region, endpoint: serviceHost('ec2', region) }),
  aws_partition: ({ region }) => {
    const dnsSuffix = serviceHost('', region).replace(`.${region}.`, '');
    return {
      id: partitionOf(region),
      partition: partitionOf(region),
      dns_suffix: dnsSuffix,
      reverse_dns_prefix: dnsSuffix.split('.').reverse().join('.'),
    };
  },
};
