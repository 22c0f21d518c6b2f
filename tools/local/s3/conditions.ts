import type { IncomingHttpHeaders } from 'node:http';
import type { StoredObject } from './bucket-store.ts';
import { NoSuchKey, preconditionFailed } from './errors.ts';

/**
 * Conditions on reading, in the order of RFC 9110, 13.2.2.
 *
 * @returns whether the client has this version already: 304
 * @throws AwsError `PreconditionFailed`
 */
export function notModified(object: StoredObject, headers: IncomingHttpHeaders): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const unmodifiedSince = headers['if-unmodified-since'];
  const modifiedSince = headers['if-modified-since'];
  if (match !== undefined) {
    if (!lists(match, object.etag)) throw preconditionFailed('If-Match');
  } else if (isAfter(object.lastModified, unmodifiedSince) === true) throw preconditionFailed('If-Unmodified-Since');
  if (noneMatch !== undefined) return lists(noneMatch, object.etag);
  return isAfter(object.lastModified, modifiedSince) === false;
}

/**
 * Conditions on writing (Amazon S3 User Guide, "How to prevent object overwrites with conditional writes").
 *
 * @param current - the current version, if there is one
 * @throws AwsError `PreconditionFailed`, `NoSuchKey`
 */
export function requireWritable(key: string, current: StoredObject | undefined, headers: IncomingHttpHeaders): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && current && lists(noneMatch, current.etag)) throw preconditionFailed('If-None-Match');
  if (match === undefined) return;
  if (!current) throw new NoSuchKey(key, false);
  if (!lists(match, current.etag)) throw preconditionFailed('If-Match');
}

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
