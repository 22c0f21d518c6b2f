import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { isObject } from './bucket-store.ts';
import { type S3Call, type S3Operation, versionHeader, versionIdOf } from './call.ts';
import { notImplemented } from './errors.ts';
import { getObject } from './get-object.ts';
import { listObjects } from './list-objects.ts';
import { putObject } from './put-object.ts';

/** By method; actions as the Service Authorization Reference for Amazon S3 has them. */
const ON_OBJECT: ReadonlyMap<string, S3Operation> = new Map([
  ['DELETE', { action: ['DeleteObject', 'DeleteObjectVersion'], run: deleteObject }],
  ['GET', { action: ['GetObject', 'GetObjectVersion'], run: getObject }],
  ['HEAD', { action: ['GetObject', 'GetObjectVersion'], run: getObject }],
  ['PUT', { action: ['PutObject', 'PutObject'], run: putObject }],
] satisfies [string, S3Operation][]);

const ON_BUCKET: ReadonlyMap<string, S3Operation> = new Map([
  ['GET', { action: ['ListBucket', 'ListBucket'], run: listObjects }],
  [
    'HEAD',
    {
      action: ['ListBucket', 'ListBucket'],
      run: ({ region }) => ({ status: 200, headers: { 'x-amz-bucket-region': region }, body: '' }),
    },
  ],
] satisfies [string, S3Operation][]);

const SERVED = 'PutObject, GetObject, HeadObject, DeleteObject, ListObjectsV2, HeadBucket';

/** Parameters that belong to these operations; any other one makes it another operation (`?tagging`, `?uploads`). */
const PARAMETERS = new Set([
  'continuation-token',
  'delimiter',
  'fetch-owner',
  'list-type',
  'max-keys',
  'prefix',
  'start-after',
  'versionId',
  'x-id',
]);

/**
 * @param key - empty: on the bucket
 * @throws AwsError `NotImplemented` naming what is served
 */
export function findOperation(method: string, key: string, query: URLSearchParams): S3Operation {
  const other = [...query.keys()].find((name) => !PARAMETERS.has(name) && !name.toLowerCase().startsWith('x-amz-'));
  const operation = (key === '' ? ON_BUCKET : ON_OBJECT).get(method);
  if (operation && other === undefined) return operation;
  const what = `${method} on ${key === '' ? 'a bucket' : 'an object'}${other === undefined ? '' : ` with '${other}'`}`;
  throw notImplemented(`${what}; served are ${SERVED}`);
}

/** DeleteObject (Amazon S3 API Reference): a key that isn't there is deleted just as well. */
function deleteObject(call: S3Call): AwsResponse {
  const version = call.bucket.delete(call.key, versionIdOf(call));
  const marker = version && !isObject(version) && { 'x-amz-delete-marker': 'true' };
  return {
    status: 204,
    headers: { ...(version && versionHeader(call, version.versionId)), ...marker },
    body: '',
  };
}
