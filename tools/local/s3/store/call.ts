import type { AwsRequest, AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { invalidArgument } from '#local/s3/protocol/errors.ts';
import type { BucketStore } from './bucket-store.ts';

/** A request to a bucket that exists. */
export interface S3Call {
  readonly request: AwsRequest;
  readonly region: string;
  /** All of the region, by name. */
  readonly buckets: ReadonlyMap<string, BucketStore>;
  readonly bucket: BucketStore;
  /** Empty for an operation on the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  /**
   * Asks IAM.
   *
   * @param action - without `s3:`
   * @param key - empty: the bucket itself
   * @throws AwsError `AccessDenied`
   */
  readonly require: (action: string, bucket: string, key: string) => Promise<void>;
}

/** One operation of S3. */
export interface S3Operation {
  /** As the API Reference calls it. */
  readonly name: string;
  /** IAM actions without `s3:`, without and with a version id (Service Authorization Reference, "Amazon S3"). */
  readonly action: readonly [current: string, version: string];
  /** @throws AwsError */
  readonly run: (call: S3Call) => AwsResponse | Promise<AwsResponse>;
}

/**
 * The version that a request names.
 *
 * @throws AwsError `InvalidArgument` for what is no version id
 */
export function versionIdOf({ query, bucket }: Pick<S3Call, 'bucket' | 'query'>): string | undefined {
  const id = query.get('versionId');
  if (id === null) return undefined;
  if (id === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', '');
  if (!bucket.isVersionId(id)) throw invalidArgument('Invalid version id specified', 'versionId', id);
  return id;
}

/** S3 names versions in buckets that keep them, or did, only. */
export const versionHeader = (bucket: BucketStore, versionId: string): Readonly<Record<string, string>> =>
  bucket.versioned || bucket.suspended ? { 'x-amz-version-id': versionId } : {};

/** The header that a request has, if it has one. */
export function headerOf({ request }: Pick<S3Call, 'request'>, name: string): string | undefined {
  return request.headers[name]?.toString();
}
