import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AwsRequest } from '#local/aws-endpoint/aws-endpoint.ts';
import { decodeAwsChunked, incompleteBody } from './aws-chunked.ts';
import { type Checksum, verifiedChecksum } from './checksums.ts';
import { S3Error } from './errors.ts';

/** A body that is what its headers say. */
export interface Content {
  readonly body: Buffer;
  /** Of the body. S3 makes its ETag from it. */
  readonly md5: Buffer;
  /** The one that it came with, else S3's own default. */
  readonly checksum: Checksum;
}

/** @throws AwsError `BadDigest`, `InvalidDigest`, `IncompleteBody`, `MissingContentLength`, `XAmzContentSHA256Mismatch`, `InvalidRequest` */
export async function readContent(request: AwsRequest): Promise<Content> {
  const { headers } = request;
  requireLength(headers);
  const { body, trailers } = decode(request);
  const md5 = verifiedMd5(body, headers['content-md5']);
  return { body, md5, checksum: await verifiedChecksum(body, headers, trailers) };
}

/** Values of Content-Encoding, in their order. */
export const contentEncodings = (headers: IncomingHttpHeaders): readonly string[] =>
  String(headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '');

function decode({ headers, body: received }: AwsRequest) {
  const digest = String(headers['x-amz-content-sha256'] ?? '');
  const isChunked = digest.startsWith('STREAMING-') || contentEncodings(headers).includes('aws-chunked');
  if (!isChunked) {
    verifySignedDigest(received, digest);
    return { body: received, trailers: {} };
  }
  const content = decodeAwsChunked(received);
  const announced = headers['x-amz-decoded-content-length'];
  if (announced !== undefined && Number(announced) !== content.body.length) {
    throw incompleteBody(`x-amz-decoded-content-length is ${announced}, ${content.body.length} bytes came`);
  }
  const missing = String(headers['x-amz-trailer'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .find((name) => name !== '' && !Object.hasOwn(content.trailers, name));
  if (missing !== undefined) throw malformedTrailer();
  return content;
}

/** S3 wants to know a body's length beforehand; a body in chunks of its own says it in `x-amz-decoded-content-length`. */
function requireLength(headers: IncomingHttpHeaders): void {
  const isChunked = headers['transfer-encoding'] !== undefined && headers['content-length'] === undefined;
  if (!isChunked || headers['x-amz-decoded-content-length'] !== undefined) return;
  throw new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
}

/** The body must be the one that was signed. */
function verifySignedDigest(body: Buffer, signed: string): void {
  if (!/^[0-9a-f]{64}$/.test(signed)) return;
  const actual = createHash('sha256').update(body).digest('hex');
  if (signed === actual) return;
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  const details = { ClientComputedContentSHA256: signed, S3ComputedContentSHA256: actual };
  throw new S3Error(400, 'XAmzContentSHA256Mismatch', message, details);
}

/** @param given - the Content-MD5 header: base64 of 16 bytes (RFC 1864) */
function verifiedMd5(body: Buffer, given: string | string[] | undefined): Buffer {
  const md5 = createHash('md5').update(body).digest();
  if (typeof given !== 'string') return md5;
  const bytes = Buffer.from(given, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== given.trim()) {
    const message = 'The Content-MD5 you specified was invalid.';
    throw new S3Error(400, 'InvalidDigest', message, { 'Content-MD5': given });
  }
  if (bytes.equals(md5)) return md5;
  throw new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: given.trim(),
    CalculatedDigest: md5.toString('base64'),
  });
}

const malformedTrailer = (): S3Error =>
  new S3Error(
    400,
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
