import { type Authorize, requireAuthorization } from '#local/aws-endpoint/authorize.ts';
import { type AwsRequest, type AwsResponse, startAwsEndpoint } from '#local/aws-endpoint/aws-endpoint.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import type { Bucket } from '#local/model/model.ts';
import { parseAddress } from './address.ts';
import { BucketStore } from './bucket-store.ts';
import { type S3Call, versionIdOf } from './call.ts';
import { errorResponse, NoSuchKey, noSuchBucket, notImplemented } from './errors.ts';

import { findOperation } from './operations.ts';

interface S3Options {
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly buckets: readonly Bucket[];
  readonly authorize: Authorize;
  /** Hears of faults of the runtime itself. */
  readonly log?: RuntimeLog;
}

/** S3 takes objects of 5 GB in one request; here they live in memory. */
const MAX_OBJECT_BYTES = 100 * 1024 * 1024;

/** Starts one region's S3 with the buckets of the model, empty and in memory. Clients address buckets in the path, as they do at an IP address. */
export function startS3({ region, buckets, authorize, log }: S3Options): Promise<HttpService> {
  const stores = new Map(buckets.map(({ name, versioned }) => [name, new BucketStore(name, versioned)]));
  return startAwsEndpoint({
    service: 's3',
    maxBodyBytes: MAX_OBJECT_BYTES,
    handle: (request) => serve(region, stores, authorize, request),
    errorResponse,
    ...(log && { log }),
  });
}

async function serve(
  region: string,
  stores: ReadonlyMap<string, BucketStore>,
  authorize: Authorize,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { bucket: name, key, query } = parseAddress(request.url);
  if (name === '') throw notImplemented('operations on the service, such as ListBuckets');
  const operation = findOperation(request.method, key, query);
  const bucket = stores.get(name);
  if (!bucket) throw noSuchBucket(name);
  const call: S3Call = { request, region, bucket, key, query };
  const [current, version] = operation.action;
  await requireAction(authorize, call, versionIdOf(call) === undefined ? current : version);
  try {
    return operation.run(call);
  } catch (error) {
    // Who may not list a bucket isn't told which keys it lacks (Amazon S3 API Reference, "GetObject", permissions).
    if (error instanceof NoSuchKey) await requireAction(authorize, call, 'ListBucket');
    throw error;
  }
}

async function requireAction(
  authorize: Authorize,
  { request, region, bucket, key }: S3Call,
  action: string,
): Promise<void> {
  const { method, url, headers, body, accessKeyId } = request;
  const bucketArn = `arn:aws:s3:::${bucket.name}`;
  try {
    await requireAuthorization(authorize, {
      service: 's3',
      region,
      ...(accessKeyId !== undefined && { accessKeyId }),
      action: `s3:${action}`,
      resources: [action === 'ListBucket' ? bucketArn : `${bucketArn}/${key}`],
      headers,
      method,
      url,
      body,
    });
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDeniedException') {
      throw new AwsError(403, 'AccessDenied', error.message);
    }
    throw error;
  }
}
