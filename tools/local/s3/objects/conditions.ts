import type { IncomingHttpHeaders } from 'node:http';
import { headerNotImplemented, NoSuchKey, preconditionFailed } from '#local/s3/protocol/errors.ts';
import type { BucketStore } from '#local/s3/store/bucket-store.ts';
import type { StoredObject } from '#local/s3/store/stored-object.ts';

/** Names of the conditions on reading. */
type Condition = 'If-Match' | 'If-Modified-Since' | 'If-None-Match' | 'If-Unmodified-Since';

/**
 * Conditions on reading, in the order of RFC 9110, 13.2.2.
 *
 * @param prefix - `x-amz-copy-source-` for those on the source of a copy
 * @returns the one that doesn't hold
 */
export function failedCondition(
  object: StoredObject,
  headers: IncomingHttpHeaders,
  prefix: 'x-amz-copy-source-' | '' = '',
): Condition | undefined {
  const given = (name: string) => headers[`${prefix}${name}`]?.toString();
  const match = given('if-match');
  const noneMatch = given('if-none-match');
  if (match !== undefined) {
    if (!lists(match, object.etag)) return 'If-Match';
  } else if (isAfter(object.lastModified, given('if-unmodified-since')) === true) return 'If-Unmodified-Since';
  if (noneMatch !== undefined) return lists(noneMatch, object.etag) ? 'If-None-Match' : undefined;
  const since = given('if-modified-since');
  return isPast(since) && isAfter(object.lastModified, since) === false ? 'If-Modified-Since' : undefined;
}

/**
 * Conditions on writing (Amazon S3 User Guide, "How to prevent object overwrites with conditional writes"): `If-None-Match: *` or `If-Match` with
 * an ETag, one of them.
 *
 * @throws AwsError `PreconditionFailed`, `NoSuchKey`, `NotImplemented` for other forms of these headers
 */
export function requireWritable(bucket: BucketStore, key: string, headers: IncomingHttpHeaders): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && noneMatch !== undefined) {
    throw headerNotImplemented('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  }
  if (noneMatch !== undefined && noneMatch.trim() !== '*') throw notAccepted('If-None-Match');
  if (match?.trim() === '*') throw notAccepted('If-Match');
  const current = bucket.current(key);
  if (noneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
  if (match !== undefined) requireMatch(bucket, key, match);
}

/**
 * `If-Match` on deleting: an ETag, or `*` for any.
 *
 * @throws AwsError `PreconditionFailed`, `NoSuchKey`
 */
export function requireMatch(bucket: BucketStore, key: string, match: string): void {
  const current = bucket.current(key);
  if (!current) throw new NoSuchKey(bucket.name, key);
  if (!lists(match, current.etag)) throw preconditionFailed('If-Match');
}

const notAccepted = (header: string) =>
  headerNotImplemented(header, `We don't accept the provided value of ${header} header for this API`);

/** ETags may come without their quotes: S3 takes both. */
const lists = (condition: string, etag: string): boolean =>
  condition.split(',').some((each) => {
    const wanted = each.trim().replace(/^W\//, '');
    return wanted === '*' || wanted === etag || `"${wanted}"` === etag;
  });

/** Undefined: there's no such condition, or its date can't be read, which RFC 9110 says to ignore. */
function isAfter(lastModified: Date, condition: string | undefined): boolean | undefined {
  const date = condition === undefined ? Number.NaN : Date.parse(condition);
  return Number.isNaN(date) ? undefined : lastModified.getTime() > date;
}

/** S3 ignores If-Modified-Since with a date that is still to come. */
const isPast = (date: string | undefined): boolean => date !== undefined && Date.parse(date) <= Date.now();
