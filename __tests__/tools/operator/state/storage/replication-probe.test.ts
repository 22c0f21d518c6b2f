import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { probeReplication } from '#operator/state/storage/replication-probe.ts';

describe('whether S3 copies the state (B29)', () => {
  const s3 = mockClient(S3Client);
  beforeEach(() => {
    s3.reset();
    s3.on(PutObjectCommand).resolves({});
  });
  afterAll(() => s3.restore());
  const probe = () => probeReplication(new S3Client({}), 'state-dev', 0);

  it('is read back of an object, once S3 has made up its mind', async () => {
    s3.on(HeadObjectCommand)
      .resolvesOnce({ ReplicationStatus: 'PENDING' })
      .resolves({ ReplicationStatus: 'COMPLETED' });
    expect(await probe()).toBe('copied');
    s3.on(HeadObjectCommand).resolves({ ReplicationStatus: 'FAILED' });
    expect(await probe()).toBe('failed');
    s3.on(HeadObjectCommand).resolves({});
    expect(await probe()).toBe('silent');
    s3.on(HeadObjectCommand).resolves({ ReplicationStatus: 'PENDING' });
    expect(await probe()).toBe('pending');
    const keys = s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input.Key);
    expect(new Set(keys)).toEqual(new Set(['bootstrap/replication-probe']));
  });
});
