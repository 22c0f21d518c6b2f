import { getBucketLocation, getBucketReplication, getBucketVersioning, headBucket } from './listing/buckets.ts';
import { listObjects } from './listing/list-objects.ts';
import { listVersions } from './listing/list-versions.ts';
import { completeUpload } from './multipart/complete-upload.ts';
import { abortUpload, createUpload } from './multipart/create-upload.ts';
import { listParts, listUploads } from './multipart/list-uploads.ts';
import { uploadPart } from './multipart/upload-part.ts';
import { deleteObject, deleteObjects } from './objects/delete-object.ts';
import { getObjectAttributes } from './objects/get-attributes.ts';
import { getObject } from './objects/get-object.ts';
import { putObject } from './objects/put-object.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './objects/tagging.ts';
import { notServed } from './protocol/errors.ts';
import type { S3Operation } from './store/call.ts';

/** One action, whether or not a version is named. */
const always = (action: string): S3Operation['action'] => [action, action];
const versioned = (action: string, version = `${action}Version`): S3Operation['action'] => [action, version];

/** What it is done to, the method, and the parameter that tells operations of one method apart. */
const OPERATIONS: ReadonlyMap<string, S3Operation> = new Map([
  ['bucket GET', { name: 'ListObjectsV2', action: always('ListBucket'), run: listObjects }],
  ['bucket GET location', { name: 'GetBucketLocation', action: always('GetBucketLocation'), run: getBucketLocation }],
  [
    'bucket GET replication',
    { name: 'GetBucketReplication', action: always('GetReplicationConfiguration'), run: getBucketReplication },
  ],
  [
    'bucket GET uploads',
    { name: 'ListMultipartUploads', action: always('ListBucketMultipartUploads'), run: listUploads },
  ],
  [
    'bucket GET versioning',
    { name: 'GetBucketVersioning', action: always('GetBucketVersioning'), run: getBucketVersioning },
  ],
  ['bucket GET versions', { name: 'ListObjectVersions', action: always('ListBucketVersions'), run: listVersions }],
  ['bucket HEAD', { name: 'HeadBucket', action: always('ListBucket'), run: headBucket }],
  // Each key is asked for by itself.
  ['bucket POST delete', { name: 'DeleteObjects', action: always(''), run: deleteObjects }],
  ['object DELETE', { name: 'DeleteObject', action: versioned('DeleteObject'), run: deleteObject }],
  [
    'object DELETE tagging',
    {
      name: 'DeleteObjectTagging',
      action: versioned('DeleteObjectTagging', 'DeleteObjectVersionTagging'),
      run: deleteObjectTagging,
    },
  ],
  [
    'object DELETE uploadId',
    { name: 'AbortMultipartUpload', action: always('AbortMultipartUpload'), run: abortUpload },
  ],
  ['object GET', { name: 'GetObject', action: versioned('GetObject'), run: getObject }],
  ['object GET attributes', { name: 'GetObjectAttributes', action: versioned('GetObject'), run: getObjectAttributes }],
  [
    'object GET tagging',
    {
      name: 'GetObjectTagging',
      action: versioned('GetObjectTagging', 'GetObjectVersionTagging'),
      run: getObjectTagging,
    },
  ],
  ['object GET uploadId', { name: 'ListParts', action: always('ListMultipartUploadParts'), run: listParts }],
  ['object HEAD', { name: 'HeadObject', action: versioned('GetObject'), run: getObject }],
  ['object POST uploadId', { name: 'CompleteMultipartUpload', action: always('PutObject'), run: completeUpload }],
  ['object POST uploads', { name: 'CreateMultipartUpload', action: always('PutObject'), run: createUpload }],
  ['object PUT', { name: 'PutObject', action: always('PutObject'), run: putObject }],
  [
    'object PUT tagging',
    {
      name: 'PutObjectTagging',
      action: versioned('PutObjectTagging', 'PutObjectVersionTagging'),
      run: putObjectTagging,
    },
  ],
  ['object PUT uploadId', { name: 'UploadPart', action: always('PutObject'), run: uploadPart }],
] satisfies [string, S3Operation][]);

/** By the names of the API Reference. */
const SERVED: readonly string[] = [
  ...[...OPERATIONS.values()].map(({ name }) => name),
  'CopyObject',
  'ListBuckets',
  'ListObjects',
  'UploadPartCopy',
].sort();

/** Parameters that make a request another operation. S3 ignores the ones that it doesn't know. */
const SUBRESOURCES = new Set([
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
]);

/**
 * @param key - empty: on the bucket
 * @throws AwsError `NotImplemented` naming what is served
 */
export function findOperation(method: string, key: string, query: URLSearchParams): S3Operation {
  const target = key === '' ? 'bucket' : 'object';
  const subresource = [...query.keys()].find((name) => SUBRESOURCES.has(name));
  const operation = OPERATIONS.get([target, method, subresource].filter(Boolean).join(' '));
  if (operation) return operation;
  const on = target === 'bucket' ? 'a bucket' : 'an object';
  const what = `${method} on ${on}${subresource === undefined ? '' : ` with '${subresource}'`}`;
  throw notServed(`${what}; served are ${SERVED.join(', ')}`);
}
