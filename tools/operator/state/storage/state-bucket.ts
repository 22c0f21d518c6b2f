import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  type S3Client,
  waitUntilBucketExists,
} from '@aws-sdk/client-s3';

import { retryWhile } from '#operator/aws/retry.ts';
import { isPassing } from '#operator/aws/setting.ts';
import { StateStorageError } from '#operator/cli/errors.ts';

/** A bucket that belongs, or shall belong, to one account and region. */
export interface OwnedBucket {
  readonly bucket: string;
  /** Account id. Every call names it as the expected owner, so that S3 refuses to touch somebody else's bucket. */
  readonly account: string;
  readonly region: string;
}

const LONGEST_WAIT_SECONDS = 60;

/**
 * Makes the bucket unless the account has it.
 *
 * @returns whether it is new
 * @throws StateStorageError if somebody else has a bucket of the name, or it is in another region
 */
export async function claimBucket(s3: S3Client, owned: OwnedBucket): Promise<boolean> {
  if (await hasBucket(s3, owned)) return false;
  await create(s3, owned);
  return true;
}

/** Whether the account has the bucket. @throws as {@link claimBucket} */
export async function hasBucket(s3: S3Client, owned: OwnedBucket): Promise<boolean> {
  const found = await head(s3, owned);
  if (found?.region !== undefined && found.region !== owned.region) {
    throw new StateStorageError(
      `The bucket ${owned.bucket} is in ${found.region} and has to be in ${owned.region}. ` +
        'Choose another STATE_BUCKET_PREFIX, or set PRIMARY_REGION and SECONDARY_REGION, in settings.conf.',
    );
  }
  return found !== undefined;
}

async function head(
  s3: S3Client,
  { bucket, account }: OwnedBucket,
): Promise<{ readonly region: string | undefined } | undefined> {
  try {
    const answer = await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }));
    return { region: answer.BucketRegion };
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return undefined;
    if (status === 403) throw foreign(bucket, account, error);
    throw error;
  }
}

async function create(s3: S3Client, { bucket, account, region }: OwnedBucket): Promise<void> {
  try {
    const command = new CreateBucketCommand({
      Bucket: bucket,
      ObjectOwnership: 'BucketOwnerEnforced',
      // us-east-1 is the one region that S3 takes only by default (Amazon S3 API Reference, "CreateBucket").
      ...(region !== 'us-east-1' && {
        CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
      }),
    });
    // Of a bucket of the name that is just being deleted, S3 answers OperationAborted.
    await retryWhile(isPassing, () => s3.send(command));
  } catch (error) {
    if (error instanceof Error && error.name === 'BucketAlreadyExists') throw foreign(bucket, account, error);
    throw error;
  }
  await waitUntilBucketExists(
    { client: s3, maxWaitTime: LONGEST_WAIT_SECONDS, minDelay: 1 },
    { Bucket: bucket, ExpectedBucketOwner: account },
  );
}

function foreign(bucket: string, account: string, cause: unknown): StateStorageError {
  return new StateStorageError(
    `The bucket ${bucket} exists and belongs to somebody else than account ${account}, or these credentials may not see it ` +
      '(s3:ListBucket). Bucket names are unique in the whole world: put something of your own into STATE_BUCKET_PREFIX of ' +
      'settings.conf, or check which account AWS_PROFILES gives this stage.',
    { cause },
  );
}

/** S3 answers HEAD without a body, so the status is all that tells errors apart. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
