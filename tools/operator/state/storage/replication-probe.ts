import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { stateClients } from '#operator/aws/state-clients.ts';
import { StateStorageError } from '#operator/cli/errors.ts';
import type { StageContext } from '#stacks/context.ts';
import { stateReplicationRoleName } from '#stacks/naming.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';

/** Beside the states, whose keys end with `.tfstate`. */
const PROBE_KEY = 'bootstrap/replication-probe';

const ATTEMPTS = 30;

/** What S3 says of the copying of one object. `silent`: nothing, as of an object that no rule is about. */
export type ReplicationVerdict = 'copied' | 'failed' | 'pending' | 'silent';

/**
 * Writes an object and reads back whether S3 copies it: a role that S3 may not take makes every copy fail, and nobody says so.
 *
 * Source: Amazon S3 User Guide, "Getting replication status information".
 *
 * @param pauseMilliseconds - between two looks, of which there are 30. @default 2000
 */
export async function probeReplication(
  s3: Pick<S3Client, 'send'>,
  bucket: string,
  pauseMilliseconds = 2000,
): Promise<ReplicationVerdict> {
  const object = { Bucket: bucket, Key: PROBE_KEY };
  await s3.send(new PutObjectCommand({ ...object, Body: 'Written by bootstrap, to see that S3 copies it.' }));
  for (let attempt = 1; ; attempt++) {
    const { ReplicationStatus } = await s3.send(new HeadObjectCommand(object));
    if (ReplicationStatus === 'FAILED') return 'failed';
    if (ReplicationStatus === undefined) return 'silent';
    if (ReplicationStatus !== 'PENDING') return 'copied';
    if (attempt >= ATTEMPTS) return 'pending';
    await sleep(pauseMilliseconds);
  }
}

/**
 * Says whether the state is copied.
 *
 * @throws StateStorageError when S3 cannot copy
 */
export async function proveReplication(
  context: StageContext,
  account: string,
  tell: (message: string) => void,
): Promise<void> {
  const { bucket, region } = stateLocation(context, 'primary');
  tell(`Replication: an object is written to ${bucket}, and waited for …`);
  const verdict = await probeReplication(stateClients(context, region).s3, bucket);
  if (verdict === 'copied') return tell('Replication: S3 has copied it.');
  const later = `two-region state verify ${context.stage} tells of each state whether it is copied.`;
  if (verdict === 'pending') return tell(`Replication: not copied within a minute, which S3 allows itself. ${later}`);
  if (verdict === 'silent') return tell(`Replication: S3 says nothing of a copy. ${later}`);
  throw new StateStorageError(
    `S3 could not copy ${bucket}/${PROBE_KEY}. Look at what the role ${stateReplicationRoleName(context)} may do and who may be it ` +
      `(IAM console, account ${account}), at service control policies, and at the bucket of the secondary region; then run bootstrap again.`,
  );
}
