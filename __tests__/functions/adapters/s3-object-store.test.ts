import { HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { s3ObjectStore } from '#functions/adapters/s3-object-store.ts';

const client = new S3Client({ region: 'eu-central-1' });
const s3 = mockClient(client);
const store = s3ObjectStore(client, 'app-dev-data');

beforeEach(() => {
  s3.reset();
});

describe('s3ObjectStore', () => {
  it('writes an object as JSON', async () => {
    s3.on(PutObjectCommand).resolves({});
    await store.putJson('test/1.json', { env: 'envA' });
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'app-dev-data',
      Key: 'test/1.json',
      Body: '{"env":"envA"}',
      ContentType: 'application/json',
    });
  });

  it('asks for the bucket itself, within the signal', async () => {
    s3.on(HeadBucketCommand).resolves({});
    const { signal } = new AbortController();
    await store.check(signal);
    expect(s3.commandCalls(HeadBucketCommand)[0]?.args[0].input).toEqual({ Bucket: 'app-dev-data' });
    expect(s3.send.firstCall.lastArg).toEqual({ abortSignal: signal });
  });

  it('lets errors through', async () => {
    s3.on(HeadBucketCommand).rejects(new Error('forbidden'));
    await expect(store.check()).rejects.toThrow('forbidden');
  });
});
