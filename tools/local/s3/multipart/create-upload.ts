import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { encryptionHeaders, keptHeaders, requireTakenHeaders } from '#local/s3/objects/object-headers.ts';
import { headerTags } from '#local/s3/objects/tagging.ts';
import { type ChecksumAlgorithm, type ChecksumType, requireAlgorithm } from '#local/s3/protocol/checksums.ts';
import { invalidRequest } from '#local/s3/protocol/errors.ts';
import { xmlResponse } from '#local/s3/protocol/xml.ts';
import { headerOf, type S3Call } from '#local/s3/store/call.ts';

/** CreateMultipartUpload (Amazon S3 API Reference). */
export function createUpload(call: S3Call): AwsResponse {
  const { bucket, key, request } = call;
  requireTakenHeaders(bucket, request.headers);
  const checksum = askedChecksum(call);
  const upload = bucket.uploads.start({
    key,
    headers: keptHeaders(request.headers),
    tags: headerTags(request.headers),
    ...(checksum && { checksum }),
  });
  const names = checksum && {
    'x-amz-checksum-algorithm': checksum.algorithm,
    'x-amz-checksum-type': checksum.type,
  };
  return xmlResponse(
    'InitiateMultipartUploadResult',
    [
      ['Bucket', bucket.name],
      ['Key', key],
      ['UploadId', upload.id],
    ],
    { ...names, ...encryptionHeaders(request.headers) },
  );
}

/** AbortMultipartUpload (Amazon S3 API Reference). */
export function abortUpload(call: S3Call): AwsResponse {
  const { uploads } = call.bucket;
  uploads.end(uploads.find(call.key, uploadIdOf(call)));
  return { status: 204, headers: {}, body: '' };
}

export const uploadIdOf = ({ query }: S3Call): string => query.get('uploadId') ?? '';

/** Source: Amazon S3 User Guide, "Checking object integrity", full object and composite checksums of multipart uploads. */
function askedChecksum(
  call: S3Call,
): { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined {
  const name = headerOf(call, 'x-amz-checksum-algorithm');
  const type = headerOf(call, 'x-amz-checksum-type');
  if (name === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  const algorithm = requireAlgorithm(name);
  if (type === undefined) return { algorithm, type: algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE' };
  if (type !== 'COMPOSITE' && type !== 'FULL_OBJECT') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  const isPossible = type === 'COMPOSITE' ? algorithm !== 'CRC64NVME' : algorithm.startsWith('CRC');
  if (isPossible) return { algorithm, type };
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
