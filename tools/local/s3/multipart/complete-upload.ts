import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { requireWritable } from '#local/s3/objects/conditions.ts';
import {
  ALGORITHM_NAMES,
  type Checksum,
  computeChecksum,
  DEFAULT_ALGORITHM,
  givenChecksum,
} from '#local/s3/protocol/checksums.ts';
import { invalidRequest, S3Error } from '#local/s3/protocol/errors.ts';
import { checksumElements, elements, readXml, xmlResponse } from '#local/s3/protocol/xml.ts';
import { headerOf, type S3Call, versionHeader } from '#local/s3/store/call.ts';
import type { Part, Upload } from '#local/s3/store/uploads.ts';
import { uploadIdOf } from './create-upload.ts';

/** Every part but the last has as many bytes at least (Amazon S3 User Guide, "Amazon S3 multipart upload limits"). */
const MIN_PART_BYTES = 5 * 1024 * 1024;

const CHECKSUMS = Object.fromEntries(ALGORITHM_NAMES.map((name) => [`Checksum${name}`, z.string().optional()]));

const PART = z.looseObject({ PartNumber: z.coerce.number().int(), ETag: z.string(), ...CHECKSUMS });
const COMPLETE = z.union([z.literal('').transform(() => ({ Part: [] })), z.object({ Part: elements(PART) })]);

/** CompleteMultipartUpload (Amazon S3 API Reference). */
export async function completeUpload(call: S3Call): Promise<AwsResponse> {
  const { bucket, key, request } = call;
  const upload = bucket.uploads.find(key, uploadIdOf(call));
  const { Part: named } = readXml(request.body, 'CompleteMultipartUpload', COMPLETE);
  const parts = requireParts(upload, named);
  const body = Buffer.concat(parts.map((part) => part.body));
  requireSize(call, body.length);
  requireType(call, upload);
  const checksum = await completeChecksum(upload, parts, body);
  requireChecksum(call, checksum);
  requireWritable(bucket, key, request.headers);
  const etag = etagOf(parts);
  const { headers, tags } = upload;
  const sizes = parts.map((part) => part.body.length);
  const stored = bucket.put(key, { body, etag, checksum, headers, tags, parts: sizes });
  bucket.uploads.end(upload);
  return xmlResponse(
    'CompleteMultipartUploadResult',
    [
      ['Location', `http://${request.headers.host ?? ''}/${bucket.name}/${encodeURIComponent(key)}`],
      ['Bucket', bucket.name],
      ['Key', key],
      ['ETag', etag],
      ...checksumElements(checksum),
    ],
    {
      ...versionHeader(bucket, stored.versionId),
      'x-amz-server-side-encryption': String(headers['x-amz-server-side-encryption']),
    },
  );
}

/** The hash of the parts' hashes, and how many they are. */
function etagOf(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { md5 } of parts) hash.update(md5);
  return `"${hash.digest('hex')}-${parts.length}"`;
}

function requireParts(upload: Upload, named: readonly z.infer<typeof PART>[]): readonly Part[] {
  if (named.length === 0) throw invalidRequest('You must specify at least one part');
  for (const [index, { PartNumber }] of named.entries()) {
    const before = named[index - 1]?.PartNumber;
    if (before !== undefined && PartNumber <= before) {
      const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
      throw new S3Error(400, 'InvalidPartOrder', message, { UploadId: upload.id });
    }
  }
  const parts = named.map((each) => requirePart(upload, each));
  for (const part of parts.slice(0, -1)) {
    if (part.body.length >= MIN_PART_BYTES) continue;
    throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: part.body.length,
      MinSizeAllowed: MIN_PART_BYTES,
      PartNumber: part.number,
      ETag: bare(part.etag),
    });
  }
  return parts;
}

function requirePart(upload: Upload, named: z.infer<typeof PART>): Part {
  const { PartNumber, ETag } = named;
  const part = upload.parts.get(PartNumber);
  const given = ALGORITHM_NAMES.flatMap((name) => {
    const value = named[`Checksum${name}`];
    return typeof value === 'string' ? [{ name, value }] : [];
  });
  const isRight =
    part &&
    bare(part.etag) === bare(ETag) &&
    given.every(({ name, value }) => name === part.checksum.algorithm && value === part.checksum.value);
  if (!isRight) {
    throw new S3Error(
      400,
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId: upload.id, PartNumber, ETag: bare(ETag) },
    );
  }
  const { checksum } = upload;
  if (checksum?.type === 'COMPOSITE' && given.length === 0) {
    throw invalidRequest(
      `The upload was created using a ${checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${PartNumber} in the request.`,
    );
  }
  return part;
}

function requireSize(call: S3Call, actual: number): void {
  const said = headerOf(call, 'x-amz-mp-object-size');
  if (said === undefined || Number(said) === actual) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${said} does not match what was computed: ${actual}`,
  );
}

function requireType(call: S3Call, { checksum }: Upload): void {
  const said = headerOf(call, 'x-amz-checksum-type');
  if (said === undefined || said === checksum?.type) return;
  throw invalidRequest(
    `The upload was created using the ${checksum?.type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
  );
}

async function completeChecksum({ checksum }: Upload, parts: readonly Part[], body: Buffer): Promise<Checksum> {
  const { algorithm, type } = checksum ?? { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT' };
  if (type === 'FULL_OBJECT') return { algorithm, type, value: await computeChecksum(algorithm, body) };
  const values = Buffer.concat(parts.map((part) => Buffer.from(part.checksum.value, 'base64')));
  return { algorithm, type, value: `${await computeChecksum(algorithm, values)}-${parts.length}` };
}

/** The checksum of the whole that the request may name. */
function requireChecksum(call: S3Call, { algorithm, value, type }: Checksum): void {
  if (type === 'COMPOSITE') return;
  const given = givenChecksum(call.request.headers);
  if (!given || (given.algorithm === algorithm && given.value === value)) return;
  const message = `The ${given.algorithm.toLowerCase()} you specified did not match the calculated checksum.`;
  throw new S3Error(400, 'BadDigest', message);
}

const bare = (etag: string): string => etag.replaceAll('"', '');
