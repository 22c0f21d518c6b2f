import type { AwsRequest, AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import type { BucketStore } from './bucket-store.ts';

/** A request to a bucket that exists. */
export interface S3Call {
  readonly request: AwsRequest;
  readonly region: string;
  readonly bucket: BucketStore;
  /** Empty for an operation on the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
}

/** One operation of S3. */
export interface S3Operation {
  /** IAM action without `s3:`, without and with a version id. */
  readonly action: readonly [current: string, version: string];
  /** @throws AwsError */
  readonly run: (call: S3Call) => AwsResponse;
}

/** An empty version id counts as none. */
export const versionIdOf = ({ query }: S3Call): string | undefined => query.get('versionId') || undefined;

/** S3 names versions in buckets that keep them only. */
export const versionHeader = ({ bucket }: S3Call, versionId: string): Readonly<Record<string, string>> =>
  bucket.versioned ? { 'x-amz-version-id': versionId } : {};
