import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { checksumHeaders } from '#local/s3/protocol/checksums.ts';
import { readContent } from '#local/s3/protocol/content.ts';
import { type S3Call, versionHeader } from '#local/s3/store/call.ts';
import { requireWritable } from './conditions.ts';
import { copyObject } from './copy-object.ts';
import { encryptionHeaders, keptHeaders, requireTakenHeaders } from './object-headers.ts';
import { headerTags } from './tagging.ts';

/** PutObject (Amazon S3 API Reference), or CopyObject, which is told by a header. */
export async function putObject(call: S3Call): Promise<AwsResponse> {
  const { request, bucket, key } = call;
  const { headers } = request;
  requireTakenHeaders(bucket, headers);
  if (headers['x-amz-copy-source'] !== undefined) return copyObject(call);
  const kept = keptHeaders(headers);
  const tags = headerTags(headers);
  const { body, md5, checksum } = await readContent(request);
  // From here on nothing waits: nobody else writes between the check and the write.
  requireWritable(bucket, key, headers);
  const etag = `"${md5.toString('hex')}"`;
  const stored = bucket.put(key, { body, etag, checksum, headers: kept, tags });
  return {
    status: 200,
    headers: {
      etag,
      ...checksumHeaders(checksum),
      ...encryptionHeaders(headers),
      ...versionHeader(bucket, stored.versionId),
    },
    body: '',
  };
}
