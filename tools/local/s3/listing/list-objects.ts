import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { invalidArgument } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { xmlResponse } from '#local/s3/protocol/xml.ts';
import type { BucketStore } from '#local/s3/store/bucket-store.ts';
import type { S3Call } from '#local/s3/store/call.ts';
import type { StoredObject } from '#local/s3/store/stored-object.ts';
import { OWNER, objectElements } from './object-elements.ts';
import { prefixElements, readListQuery, readPage } from './page.ts';

/** ListObjectsV2, or ListObjects without `list-type` (Amazon S3 API Reference). */
export function listObjects(call: S3Call): AwsResponse {
  const type = call.query.get('list-type');
  if (type === null) return listVersion1(call);
  if (type !== '2') throw invalidArgument('Invalid List Type specified in Request', 'list-type', type);
  return listVersion2(call);
}

function listVersion2({ bucket, query }: S3Call): AwsResponse {
  const { encode, encodingType, ...list } = readListQuery(query, 'max-keys');
  const token = query.get('continuation-token') ?? undefined;
  const startAfter = query.get('start-after') ?? undefined;
  const after = token === undefined ? (startAfter ?? '') : fromToken(token);
  const { page, last } = readPage(currentObjects(bucket), { ...list, after });
  const owner = query.get('fetch-owner') === 'true' ? OWNER : undefined;
  return xmlResponse('ListBucketResult', [
    ['Name', bucket.name],
    ['Prefix', encode(list.prefix)],
    ['StartAfter', startAfter === undefined || token !== undefined ? undefined : encode(startAfter)],
    ['ContinuationToken', token],
    ['NextContinuationToken', last && toToken(last.name)],
    ['KeyCount', page.length],
    ['MaxKeys', list.limit],
    ['Delimiter', list.delimiter === '' ? undefined : encode(list.delimiter)],
    encodingType,
    ['IsTruncated', last !== undefined],
    ...contents(page, encode, owner),
    ...prefixElements(page, encode),
  ]);
}

/** S3 names the next marker with a delimiter only: without one it is the last key. */
function listVersion1({ bucket, query }: S3Call): AwsResponse {
  const { encode, encodingType, ...list } = readListQuery(query, 'max-keys');
  const marker = query.get('marker') ?? '';
  const { page, last } = readPage(currentObjects(bucket), { ...list, after: marker });
  const isNamed = last !== undefined && list.delimiter !== '';
  return xmlResponse('ListBucketResult', [
    ['Name', bucket.name],
    ['Prefix', encode(list.prefix)],
    ['Marker', encode(marker)],
    ['NextMarker', isNamed ? encode(last.name) : undefined],
    ['MaxKeys', list.limit],
    ['Delimiter', list.delimiter === '' ? undefined : encode(list.delimiter)],
    encodingType,
    ['IsTruncated', last !== undefined],
    ...contents(page, encode, OWNER),
    ...prefixElements(page, encode),
  ]);
}

function* currentObjects(bucket: BucketStore): Generator<readonly [string, StoredObject]> {
  for (const key of bucket.keys()) {
    const object = bucket.current(key);
    if (object) yield [key, object];
  }
}

const contents = (
  page: readonly { readonly name: string; readonly value?: StoredObject }[],
  encode: (text: string) => string,
  owner: Xml | undefined,
): Xml[] =>
  page.flatMap(({ name, value }): Xml[] =>
    value ? [['Contents', [['Key', encode(name)], ...objectElements(value), ...(owner ? [owner] : [])]]] : [],
  );

const toToken = (key: string): string => Buffer.from(key).toString('base64url');

function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (token !== '' && toToken(key) === token) return key;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token');
}
