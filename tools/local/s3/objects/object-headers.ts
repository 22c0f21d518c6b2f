import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { contentEncodings } from '#local/s3/protocol/content.ts';
import { invalidArgument, invalidRequest, S3Error } from '#local/s3/protocol/errors.ts';
import type { BucketStore } from '#local/s3/store/bucket-store.ts';

const KEPT_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
]);

/** Source: Amazon S3 API Reference, "PutObject", x-amz-storage-class. */
const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

/** Bytes of names and values of user metadata (Amazon S3 User Guide, "Working with object metadata"). */
const MAX_METADATA_BYTES = 2048;

/** Every object is encrypted with S3's own keys unless it asks for others. */
export const encryptionHeaders = (headers: IncomingHttpHeaders) => ({
  'x-amz-server-side-encryption': headers['x-amz-server-side-encryption']?.toString() ?? 'AES256',
});

/** The one that says what holds anyway. */
const OWNERS_ACL = 'bucket-owner-full-control';

/**
 * Refuses headers of a write that the bucket doesn't take: access control lists where its owner owns every object, and locks, which no bucket
 * here has.
 *
 * Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"; Amazon S3 API Reference, "PutObject".
 *
 * @throws AwsError `AccessControlListNotSupported`, `InvalidRequest`
 */
export function requireTakenHeaders({ takesAcls }: BucketStore, headers: IncomingHttpHeaders): void {
  const { 'x-amz-acl': acl = OWNERS_ACL } = headers;
  const hasAcl = acl !== OWNERS_ACL || Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (hasAcl && !takesAcls) {
    throw new S3Error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-object-lock-'))) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
}

/**
 * What a GET answers again. `aws-chunked` was the request's encoding, not the object's.
 *
 * @throws AwsError `MetadataTooLarge`, `InvalidStorageClass`
 */
export function keptHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  requireMetadataSize(headers);
  const kept: OutgoingHttpHeaders = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== '' && (KEPT_HEADERS.has(name) || name.startsWith('x-amz-meta-'))) kept[name] = value;
  }
  const encodings = contentEncodings(headers).filter((encoding) => encoding !== 'aws-chunked');
  if (encodings.length > 0) kept['content-encoding'] = encodings.join(',');
  return { ...kept, ...storageClassHeader(headers), ...encryptionHeaders(headers) };
}

/** S3 says the storage class of what isn't STANDARD only. */
export function storageClassHeader({ 'x-amz-storage-class': given }: IncomingHttpHeaders): OutgoingHttpHeaders {
  const storageClass = given?.toString() ?? 'STANDARD';
  if (STORAGE_CLASSES.has(storageClass))
    return storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': storageClass };
  throw new S3Error(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
    StorageClassRequested: storageClass,
  });
}

export const storageClassOf = (headers: OutgoingHttpHeaders): string =>
  String(headers['x-amz-storage-class'] ?? 'STANDARD');

function requireMetadataSize(headers: IncomingHttpHeaders): void {
  const size = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .reduce((sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + Buffer.byteLength(String(value)), 0);
  if (size <= MAX_METADATA_BYTES) return;
  const message = 'Your metadata headers exceed the maximum allowed metadata size';
  throw new S3Error(400, 'MetadataTooLarge', message, { Size: size, MaxSizeAllowed: MAX_METADATA_BYTES });
}

/** Parameter of a signed GET → the header of the response that it sets (Amazon S3 API Reference, "GetObject"). */
const OVERRIDES: ReadonlyMap<string, string> = new Map([
  ['response-cache-control', 'cache-control'],
  ['response-content-disposition', 'content-disposition'],
  ['response-content-encoding', 'content-encoding'],
  ['response-content-language', 'content-language'],
  ['response-content-type', 'content-type'],
  ['response-expires', 'expires'],
]);

/** @throws AwsError `InvalidArgument` for what no header can hold */
export function overriddenHeaders(query: URLSearchParams): OutgoingHttpHeaders {
  const overridden: OutgoingHttpHeaders = {};
  for (const [parameter, header] of OVERRIDES) {
    const value = query.get(parameter);
    if (value === null || value === '') continue;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw invalidArgument('Header value cannot be represented using ISO-8859-1.', parameter, value);
    }
    overridden[header] = value;
  }
  return overridden;
}
