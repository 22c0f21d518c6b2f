import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { AwsRequest, AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { type ChunkedBody, decodeAwsChunked, incompleteBody } from './aws-chunked.ts';
import { type S3Call, versionHeader } from './call.ts';
import { requireWritable } from './conditions.ts';
import { verifiedChecksums, verifiedMd5, verifySignedDigest } from './digests.ts';
import { notImplemented } from './errors.ts';

const KEPT_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
]);

/** PutObject (Amazon S3 API Reference). */
export function putObject(call: S3Call): AwsResponse {
  const { request, bucket, key } = call;
  const { headers } = request;
  if (headers['x-amz-copy-source'] !== undefined) throw notImplemented('CopyObject');
  const { body, trailers } = readContent(request);
  const etag = `"${verifiedMd5(body, headers['content-md5']).toString('hex')}"`;
  const checksums = verifiedChecksums(body, headers, trailers);
  requireWritable(key, bucket.current(key), headers);
  const stored = bucket.put(key, {
    body,
    etag,
    checksums,
    lastModified: new Date(Math.floor(Date.now() / 1000) * 1000),
    headers: keptHeaders(headers),
  });
  const encryption = { 'x-amz-server-side-encryption': 'AES256' };
  return {
    status: 200,
    headers: { etag, ...checksums, ...encryption, ...versionHeader(call, stored.versionId) },
    body: '',
  };
}

function readContent({ headers, body: received }: AwsRequest): ChunkedBody {
  const digest = String(headers['x-amz-content-sha256'] ?? '');
  const isChunked = digest.startsWith('STREAMING-') || contentEncodings(headers).includes('aws-chunked');
  if (!isChunked) {
    verifySignedDigest(received, headers);
    return { body: received, trailers: {} };
  }
  const content = decodeAwsChunked(received);
  const announced = headers['x-amz-decoded-content-length'];
  if (announced !== undefined && Number(announced) !== content.body.length) {
    throw incompleteBody(`x-amz-decoded-content-length is ${announced}, ${content.body.length} bytes came`);
  }
  return content;
}

/** What a GET answers again. `aws-chunked` was the request's encoding, not the object's. */
function keptHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT_HEADERS.has(name) || name.startsWith('x-amz-meta-')) kept[name] = value;
  }
  const encodings = contentEncodings(headers).filter((encoding) => encoding !== 'aws-chunked');
  if (encodings.length > 0) kept['content-encoding'] = encodings.join(',');
  return kept;
}

const contentEncodings = (headers: IncomingHttpHeaders): readonly string[] =>
  String(headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '');
