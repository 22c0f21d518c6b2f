import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { invalidArgument, S3Error } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { xmlResponse } from '#local/s3/protocol/xml.ts';
import type { BucketStore } from '#local/s3/store/bucket-store.ts';
import type { S3Call } from '#local/s3/store/call.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import { OWNER } from './object-elements.ts';

/** ListBuckets (Amazon S3 API Reference), those of the region. */
export function listBuckets(
  region: string,
  buckets: ReadonlyMap<string, BucketStore>,
  query: URLSearchParams,
): AwsResponse {
  const prefix = query.get('prefix') ?? '';
  const isHere = (query.get('bucket-region') ?? region) === region;
  const asked = query.get('max-buckets');
  if (asked !== null && !(/^\d{1,5}$/.test(asked) && Number(asked) >= 1 && Number(asked) <= 10_000)) {
    const message = 'Argument max-buckets must be an integer between 1 and 10000';
    throw invalidArgument(message, 'max-buckets', asked);
  }
  const token = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString();
  const names = [...buckets.keys()].filter((name) => isHere && name.startsWith(prefix) && name > token).sort();
  const page = asked === null ? names : names.slice(0, Number(asked));
  const last = page.at(-1);
  return xmlResponse('ListAllMyBucketsResult', [
    OWNER,
    [
      'Buckets',
      page.map((name) => [
        'Bucket',
        [
          ['Name', name],
          ['CreationDate', buckets.get(name)?.createdAt.toISOString()],
          ['BucketRegion', region],
          ['BucketArn', `arn:${partitionOf(region)}:s3:::${name}`],
        ],
      ]),
    ],
    ['ContinuationToken', page.length < names.length && last ? Buffer.from(last).toString('base64url') : undefined],
    ['Prefix', query.get('prefix') ?? undefined],
  ]);
}

/** HeadBucket (Amazon S3 API Reference). */
export const headBucket = ({ region, bucket }: S3Call): AwsResponse => ({
  status: 200,
  headers: {
    'content-type': 'application/xml',
    'x-amz-bucket-region': region,
    'x-amz-bucket-arn': `arn:${partitionOf(region)}:s3:::${bucket.name}`,
    'x-amz-access-point-alias': 'false',
  },
  body: '',
});

/** GetBucketLocation (Amazon S3 API Reference): nothing for us-east-1. */
export const getBucketLocation = ({ region }: S3Call): AwsResponse =>
  xmlResponse('LocationConstraint', region === 'us-east-1' ? '' : region);

/** GetBucketVersioning (Amazon S3 API Reference): nothing for a bucket that never had versions. */
export const getBucketVersioning = ({ bucket }: S3Call): AwsResponse =>
  xmlResponse(
    'VersioningConfiguration',
    statusOf(bucket).map((status) => ['Status', status]),
  );

/** GetBucketReplication (Amazon S3 API Reference). @throws AwsError `ReplicationConfigurationNotFoundError` */
export function getBucketReplication({ bucket }: S3Call): AwsResponse {
  const { name, replication } = bucket;
  if (replication === undefined) {
    const message = 'The replication configuration was not found';
    throw new S3Error(404, 'ReplicationConfigurationNotFoundError', message, { BucketName: name });
  }
  const { minutes } = replication;
  const status = (isEnabled: boolean): Xml => ['Status', isEnabled ? 'Enabled' : 'Disabled'];
  const time: readonly Xml[] = [['Minutes', minutes]];
  return xmlResponse('ReplicationConfiguration', [
    [
      'Rule',
      [
        ['ID', replication.ruleId],
        ['Priority', replication.priority],
        ['Filter', [['Prefix', replication.prefix]]],
        status(true),
        ['SourceSelectionCriteria', [['ReplicaModifications', [status(replication.copiesReplicaModifications)]]]],
        ['DeleteMarkerReplication', [status(replication.copiesDeleteMarkers)]],
        [
          'Destination',
          [
            ['Bucket', replication.destination],
            ['ReplicationTime', minutes === undefined ? undefined : [status(true), ['Time', time]]],
            ['Metrics', minutes === undefined ? undefined : [status(true), ['EventThreshold', time]]],
          ],
        ],
      ],
    ],
    ['Role', replication.role],
  ]);
}

function statusOf({ versioned, suspended }: S3Call['bucket']): readonly string[] {
  if (versioned) return ['Enabled'];
  return suspended ? ['Suspended'] : [];
}
