import { z } from 'zod';
import { optionalBlock } from '#local/terraform/block-schema.ts';
import type { Bucket } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const bucket = z.object({ bucket: z.string() });
const versioning = z.object({
  bucket: z.string(),
  versioning_configuration: optionalBlock(z.object({ status: z.enum(['Enabled', 'Suspended', 'Disabled']) })),
});

/** Buckets of every region. */
export function readBuckets(reader: ResourceReader): readonly (Bucket & { readonly region: string })[] {
  const versioned = new Set(
    reader
      .managed('aws_s3_bucket_versioning', versioning)
      .filter(({ values }) => values.versioning_configuration?.status === 'Enabled')
      .map(({ values }) => values.bucket),
  );
  return reader
    .managed('aws_s3_bucket', bucket)
    .map(({ region, values }) => ({ region, name: values.bucket, versioned: versioned.has(values.bucket) }));
}
