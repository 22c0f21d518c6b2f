import { partitionOf, serviceHost } from '#stacks/settings/partitions.ts';
import {
  type ComputeAttributes,
  type ComputedAttributesTable,
  identifier,
  nameOf,
  optionalText,
  requiredText,
} from './computed-attributes.ts';

/** A resource that configures a bucket has the bucket's name as its id. */
const ofBucket: ComputeAttributes = ({ values }) => ({ id: requiredText(values, 'bucket') });

export const s3Resources: ComputedAttributesTable = {
  aws_s3_bucket: (input) => {
    const bucket = nameOf(input, 'bucket');
    return {
      id: bucket,
      bucket,
      arn: `arn:${partitionOf(input.region)}:s3:::${bucket}`,
      region: input.region,
      bucket_region: input.region,
      bucket_domain_name: `${bucket}.${serviceHost('s3', input.region).replace(`.${input.region}.`, '.')}`,
      bucket_regional_domain_name: `${bucket}.${serviceHost('s3', input.region)}`,
    };
  },
  aws_s3_bucket_lifecycle_configuration: ofBucket,
  aws_s3_bucket_ownership_controls: ofBucket,
  aws_s3_bucket_policy: ofBucket,
  aws_s3_bucket_public_access_block: ofBucket,
  aws_s3_bucket_server_side_encryption_configuration: ofBucket,
  aws_s3_bucket_versioning: ofBucket,
  aws_s3_object: (input) => {
    const { values } = input;
    const content =
      optionalText(values, 'source_hash') ?? optionalText(values, 'etag') ?? optionalText(values, 'content');
    const key = requiredText(values, 'key');
    return {
      id: key,
      arn: `arn:${partitionOf(input.region)}:s3:::${requiredText(values, 'bucket')}/${key}`,
      etag: identifier(input, 32, `etag ${content ?? ''}`),
      version_id: identifier(input, 32, content),
    };
  },
};
