import { hash } from 'node:crypto';
import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { readCopySource } from '#local/s3/objects/copy-source.ts';
import { type Checksum, checksumHeaders, computeChecksum, DEFAULT_ALGORITHM } from '#local/s3/protocol/checksums.ts';
import { readContent } from '#local/s3/protocol/content.ts';
import { invalidArgument, invalidRequest } from '#local/s3/protocol/errors.ts';
import { checksumElements, xmlResponse } from '#local/s3/protocol/xml.ts';
import { headerOf, type S3Call } from '#local/s3/store/call.ts';
import type { Part, Upload } from '#local/s3/store/uploads.ts';
import { uploadIdOf } from './create-upload.ts';

const MAX_PART_NUMBER = 10_000;
const RANGE_HEADER = 'x-amz-copy-source-range';

/** UploadPart (Amazon S3 API Reference), or UploadPartCopy, which is told by a header. */
export async function uploadPart(call: S3Call): Promise<AwsResponse> {
  const number = partNumberOf(call);
  const upload = call.bucket.uploads.find(call.key, uploadIdOf(call));
  if (headerOf(call, 'x-amz-copy-source') !== undefined) return copyPart(call, upload, number);
  const { body, md5, checksum } = await readContent(call.request);
  const isGiven = checksum.algorithm !== DEFAULT_ALGORITHM || headerOf(call, 'x-amz-checksum-crc64nvme') !== undefined;
  const expected = upload.checksum?.algorithm;
  if (isGiven && expected !== undefined && checksum.algorithm !== expected) {
    const [is, was] = [checksum.algorithm.toLowerCase(), expected.toLowerCase()];
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${was}, actual checksum Type: ${is}`,
    );
  }
  const kept = await keptChecksum(upload, checksum, body);
  const part = keep(upload, number, { body, md5, checksum: kept });
  return {
    status: 200,
    headers: { etag: part.etag, ...checksumHeaders(isGiven ? checksum : kept, false), ...encryptionOf(upload) },
    body: '',
  };
}

async function copyPart(call: S3Call, upload: Upload, number: number): Promise<AwsResponse> {
  const { object, headers } = await readCopySource(call);
  const body = copiedBytes(object.body, headerOf(call, RANGE_HEADER));
  const md5 = hash('md5', body, 'buffer');
  const algorithm = upload.checksum?.algorithm ?? DEFAULT_ALGORITHM;
  const checksum: Checksum = { algorithm, value: await computeChecksum(algorithm, body), type: 'FULL_OBJECT' };
  const part = keep(upload, number, { body, md5, checksum });
  return xmlResponse(
    'CopyPartResult',
    [
      ['LastModified', part.lastModified.toISOString()],
      ['ETag', part.etag],
      ...(upload.checksum ? checksumElements(checksum, false) : []),
    ],
    { ...headers, ...encryptionOf(upload) },
  );
}

/** A part of the same number is replaced. */
function keep(upload: Upload, number: number, part: Pick<Part, 'body' | 'checksum' | 'md5'>): Part {
  const kept = { ...part, number, etag: `"${part.md5.toString('hex')}"`, lastModified: new Date() };
  upload.parts.set(number, kept);
  return kept;
}

/** The upload's own algorithm, whatever the part came with. */
async function keptChecksum(upload: Upload, given: Checksum, body: Buffer): Promise<Checksum> {
  const algorithm = upload.checksum?.algorithm ?? DEFAULT_ALGORITHM;
  if (given.algorithm === algorithm) return given;
  return { algorithm, value: await computeChecksum(algorithm, body), type: 'FULL_OBJECT' };
}

const encryptionOf = ({ headers }: Upload) => ({
  'x-amz-server-side-encryption': String(headers['x-amz-server-side-encryption']),
});

function partNumberOf({ query }: S3Call): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= MAX_PART_NUMBER) return number;
  throw invalidArgument(
    `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
    'partNumber',
    text,
  );
}

function copiedBytes(body: Buffer, range: string | undefined): Buffer {
  if (range === undefined) return body;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || Number(first) > Number(last)) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      RANGE_HEADER,
      range,
    );
  }
  if (Number(first) >= body.length) {
    throw invalidRequest('The specified copy range is invalid for the source object size');
  }
  if (Number(last) >= body.length) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${body.length}`,
      RANGE_HEADER,
      range,
    );
  }
  return body.subarray(Number(first), Number(last) + 1);
}
