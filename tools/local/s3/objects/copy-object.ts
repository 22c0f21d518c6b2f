import { hash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { type Checksum, computeChecksum, requireAlgorithm } from '#local/s3/protocol/checksums.ts';
import { invalidArgument, invalidRequest } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { checksumElements, xmlResponse } from '#local/s3/protocol/xml.ts';
import { headerOf, type S3Call, versionHeader } from '#local/s3/store/call.ts';
import type { StoredObject } from '#local/s3/store/stored-object.ts';
import { requireWritable } from './conditions.ts';
import { readCopySource } from './copy-source.ts';
import { encryptionHeaders, keptHeaders, storageClassHeader } from './object-headers.ts';
import { headerTags } from './tagging.ts';

/** Headers that make a copy onto itself another object. */
const CHANGES = ['x-amz-storage-class', 'x-amz-website-redirect-location', 'x-amz-server-side-encryption'];

/** CopyObject (Amazon S3 API Reference). */
export async function copyObject(call: S3Call): Promise<AwsResponse> {
  const { bucket, key, request } = call;
  const replacesMetadata = isReplaced(call, 'x-amz-metadata-directive');
  const replacesTags = isReplaced(call, 'x-amz-tagging-directive');
  const source = await readCopySource(call);
  const { object } = source;
  const isChanged = replacesMetadata || CHANGES.some((name) => headerOf(call, name) !== undefined);
  const isItself = source.bucket === bucket && source.key === key && bucket.current(key) === object;
  if (isItself && !isChanged) throw unchangedCopy();
  const headers = replacesMetadata ? keptHeaders(request.headers) : copiedHeaders(object, call);
  const tags = replacesTags ? headerTags(request.headers) : object.tags;
  const checksum = await copiedChecksum(object, headerOf(call, 'x-amz-checksum-algorithm'));
  // What came in parts is whole from now on.
  const etag = object.parts ? `"${hash('md5', object.body)}"` : object.etag;
  requireWritable(bucket, key, request.headers);
  const stored = bucket.put(key, { body: object.body, etag, checksum, headers, tags });
  const content: Xml[] = [
    ['LastModified', stored.lastModified.toISOString()],
    ['ETag', etag],
    ...checksumElements(checksum),
  ];
  return xmlResponse('CopyObjectResult', content, {
    ...source.headers,
    ...versionHeader(bucket, stored.versionId),
    ...encryptionHeaders(request.headers),
  });
}

/** Whether a directive says REPLACE; it may say COPY, which is what happens without it. */
function isReplaced(call: S3Call, name: 'x-amz-metadata-directive' | 'x-amz-tagging-directive'): boolean {
  const value = headerOf(call, name) ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value === 'REPLACE';
  const what = name === 'x-amz-metadata-directive' ? 'metadata' : 'tagging';
  throw invalidArgument(`Unknown ${what} directive.`, name, value);
}

/** Storage class, redirect and encryption are of the copy, whatever the directive. */
function copiedHeaders(object: StoredObject, { request: { headers } }: S3Call): OutgoingHttpHeaders {
  const { 'x-amz-storage-class': _, 'x-amz-website-redirect-location': __, ...kept } = object.headers;
  const redirect = headers['x-amz-website-redirect-location'];
  return {
    ...kept,
    ...storageClassHeader(headers),
    ...encryptionHeaders(headers),
    ...(redirect !== undefined && { 'x-amz-website-redirect-location': redirect }),
  };
}

/** A copy is whole: a checksum of parts becomes one of the object. */
async function copiedChecksum({ body, checksum }: StoredObject, asked: string | undefined): Promise<Checksum> {
  const algorithm = asked === undefined ? checksum.algorithm : requireAlgorithm(asked);
  if (algorithm === checksum.algorithm && checksum.type === 'FULL_OBJECT') return checksum;
  return { algorithm, value: await computeChecksum(algorithm, body), type: 'FULL_OBJECT' };
}

const unchangedCopy = () =>
  invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
