import { type Authorize, requireAuthorization } from '#local/aws-endpoint/authorize.ts';
import { type AwsRequest, type AwsResponse, startAwsEndpoint } from '#local/aws-endpoint/aws-endpoint.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import type { RegionContents } from '#local/data/contents.ts';
import { type Kept, NOTHING_KEPT } from '#local/data/data-folder.ts';
import type { Filling } from '#local/data/filling.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { hostName } from '#local/http/client-request.ts';
import type { HttpService } from '#local/http/listen.ts';
import { compileWildcard } from '#local/iam/policy/wildcard.ts';
import type { Bucket } from '#local/model/model.ts';
import { bucketHost, partitionOf } from '#stacks/settings/partitions.ts';
import { fillBuckets, objectsOf, putInto } from './contents.ts';
import { listBuckets } from './listing/buckets.ts';
import { getObject } from './objects/get-object.ts';
import { findOperation } from './operations.ts';
import { parseAddress } from './protocol/address.ts';
import { errorResponse, NoSuchKey, noSuchBucket, notServed, requestIds, S3Error } from './protocol/errors.ts';
import { BucketStore } from './store/bucket-store.ts';
import { type S3Call, versionIdOf } from './store/call.ts';
import { keepingVersions, keptVersions } from './store/kept-versions.ts';

interface S3Options {
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly buckets: readonly Bucket[];
  readonly authorize: Authorize;
  /** @default - nothing outlives the runtime */
  readonly kept?: Kept;
  /** @default - any free one */
  readonly port?: number;
  /** Hears of faults of the runtime itself. */
  readonly log?: RuntimeLog;
}

/** One region's S3. */
export interface S3Service extends HttpService {
  readonly region: string;
  /** Makes the buckets that are not there yet, empty; those that are there copy their objects to where they are told to now. */
  addBuckets(added: readonly Bucket[]): void;
  /** All that are there now, by their names. */
  readonly buckets: ReadonlyMap<string, BucketStore>;
  contents(): NonNullable<RegionContents['objects']>;
  fill(objects: NonNullable<RegionContents['objects']>): Filling;
  /** As it was at the start: with what Terraform puts there. */
  reset(): Promise<void>;
}

/** S3 takes objects of 5 GB in one request; here they live in memory. */
const MAX_OBJECT_BYTES = 100 * 1024 * 1024;

/**
 * Starts one region's S3 with the buckets of the model, in memory and with no objects but those that Terraform puts there. Clients address buckets in
 * the path, as they do at an IP address; who isn't signed, by the bucket's own host, and gets what everybody may read.
 */
export async function startS3({ region, buckets, authorize, log, ...options }: S3Options): Promise<S3Service> {
  const { kept = NOTHING_KEPT, port } = options;
  const declared: Bucket[] = [];
  const stores = new Map<string, BucketStore>();
  const byHost = new Map<string, Bucket>();
  const addBuckets = (added: readonly Bucket[]): readonly Bucket[] => {
    const fresh = added.filter(({ name }) => !stores.has(name));
    for (const { name, replication } of added) {
      const known = stores.get(name);
      if (known) known.replication = replication;
    }
    for (const bucket of fresh) {
      const container = `${region}/${bucket.name}`;
      const store = new BucketStore(bucket, keepingVersions(kept, container));
      for (const { key, version } of keptVersions(kept, container)) store.restore(key, version);
      stores.set(bucket.name, store);
      declared.push(bucket);
      byHost.set(bucketHost(bucket.name, region), bucket);
    }
    return fresh;
  };
  for (const bucket of addBuckets(buckets)) await putObjects(region, stores, bucket);
  const service = await startAwsEndpoint({
    service: 's3',
    ...(port !== undefined && { port }),
    maxBodyBytes: MAX_OBJECT_BYTES,
    handle: (request) => {
      const named = byHost.get(hostName(String(request.headers.host ?? '')));
      return named ? serveEverybody(region, stores, named, request) : serve(region, stores, authorize, request);
    },
    requestIds,
    errorResponse: (error, request) => errorResponse(error.status === 413 ? tooLarge() : error, request),
    ...(log && { log }),
  });
  return {
    ...service,
    region,
    addBuckets,
    buckets: stores,
    contents: () => objectsOf(stores),
    fill: (objects) => fillBuckets(region, stores, objects),
    reset: async () => {
      for (const store of stores.values()) store.clear();
      for (const bucket of declared) await putObjects(region, stores, bucket);
    },
  };
}

/** Puts what Terraform puts into a bucket; what was kept of a key stays. */
async function putObjects(region: string, buckets: ReadonlyMap<string, BucketStore>, { name, objects = {} }: Bucket) {
  const bucket = buckets.get(name);
  if (!bucket) return;
  for (const [key, content] of Object.entries(objects)) {
    if (bucket.newest(key) === undefined) await putInto(region, buckets, bucket, key, Buffer.from(content));
  }
}

/** Reads an object by the bucket's own host, without a signature, where the bucket's policy allows that to everybody. */
async function serveEverybody(
  region: string,
  buckets: ReadonlyMap<string, BucketStore>,
  { name, publicObjects = [] }: Bucket,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { key, query } = parseAddress(`/${name}${request.url}`);
  const bucket = buckets.get(name);
  const isOpen = publicObjects.some((pattern) => compileWildcard(pattern)(arnOf(region, name, key)));
  if (!bucket || !isOpen || !['GET', 'HEAD'].includes(request.method) || query.has('versionId')) {
    throw new AwsError(403, 'AccessDenied', 'Access Denied');
  }
  return getObject({ request, region, buckets, bucket, key, query, require: async () => {} });
}

async function serve(
  region: string,
  buckets: ReadonlyMap<string, BucketStore>,
  authorize: Authorize,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { bucket: name, key, query } = parseAddress(request.url);
  const require = (action: string, bucket: string, object: string) =>
    requireAction(authorize, region, request, action, arnOf(region, bucket, object));
  if (name === '') {
    if (request.method !== 'GET') throw notServed(`${request.method} on the service`);
    await requireAction(authorize, region, request, 'ListAllMyBuckets', '*');
    return listBuckets(region, buckets, query);
  }
  const operation = findOperation(request.method, key, query);
  const bucket = buckets.get(name);
  if (!bucket) throw noSuchBucket(name);
  const call: S3Call = { request, region, buckets, bucket, key, query, require };
  const [current, version] = operation.action;
  const action = query.has('versionId') ? version : current;
  if (action !== '') await require(action, name, key);
  versionIdOf(call);
  try {
    return await operation.run(call);
  } catch (error) {
    // Who may not list a bucket isn't told which keys it lacks (Amazon S3 API Reference, "GetObject", permissions).
    if (error instanceof NoSuchKey) await require('ListBucket', error.bucket, '');
    throw error;
  }
}

export const arnOf = (region: string, bucket: string, key: string): string =>
  `arn:${partitionOf(region)}:s3:::${bucket}${key === '' ? '' : `/${key}`}`;

async function requireAction(
  authorize: Authorize,
  region: string,
  { method, url, headers, body, accessKeyId }: AwsRequest,
  action: string,
  resource: string,
): Promise<void> {
  try {
    await requireAuthorization(authorize, {
      service: 's3',
      region,
      ...(accessKeyId !== undefined && { accessKeyId }),
      action: `s3:${action}`,
      resources: [resource],
      headers,
      method,
      url,
      body,
    });
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDeniedException') {
      throw new AwsError(403, 'AccessDenied', error.message, error.details);
    }
    throw error;
  }
}

const tooLarge = (): S3Error =>
  new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    MaxSizeAllowed: MAX_OBJECT_BYTES,
  });
