import { Readable } from 'node:stream';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import type { HttpService } from '#local/http/listen.ts';
import { startS3 } from '#local/s3/s3.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';

const recording = recordingAuthorize();
let refused: string | undefined;
const authorize: Authorize = async (request) => {
  await recording.authorize(request);
  if (request.action !== refused) return { allowed: true };
  return { allowed: false, status: 400, code: 'AccessDeniedException', message: `not authorized: ${request.action}` };
};
let service: HttpService;
let client: S3Client;

beforeAll(async () => {
  const buckets = [
    { name: 'versioned-bucket', versioned: true },
    { name: 'plain-bucket', versioned: false },
    { name: 'list-bucket', versioned: true },
    { name: 'suspended-bucket', versioned: false, suspended: true },
    { name: 'acl-bucket', versioned: false, takesAcls: true },
  ];
  service = await startS3({ region: 'eu-central-1', buckets, authorize });
  client = new S3Client(clientSettings(service.url));
});

beforeEach(() => {
  refused = undefined;
  recording.asked.length = 0;
});

afterAll(async () => {
  client.destroy();
  await service.close();
});

const put = (Key: string, Body: string, more: object = {}, Bucket = 'versioned-bucket') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more: object = {}, Bucket = 'versioned-bucket') => {
  const output = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...output, text: await output.Body?.transformToString() };
};
const remove = (Key: string, more: object = {}, Bucket = 'versioned-bucket') =>
  client.send(new DeleteObjectCommand({ Bucket, Key, ...more }));
const status = (httpStatusCode: number) => ({ $metadata: expect.objectContaining({ httpStatusCode }) });

describe('S3 of the local runtime: objects', () => {
  it('answers an object as it was put, with its headers and metadata', async () => {
    const stored = await put('a/ü b+c%.json', '{"a":"ü"}', {
      ContentType: 'application/json',
      CacheControl: 'no-store',
      ContentEncoding: 'identity',
      Metadata: { source: 'test' },
    });
    const object = await get('a/ü b+c%.json', { ChecksumMode: 'ENABLED' });
    expect(object).toMatchObject({
      text: '{"a":"ü"}',
      ContentType: 'application/json',
      CacheControl: 'no-store',
      ContentEncoding: 'identity',
      ContentLength: 10,
      Metadata: { source: 'test' },
      ETag: stored.ETag,
      VersionId: stored.VersionId,
      ChecksumCRC32: stored.ChecksumCRC32,
    });
    expect(stored.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    const head = await client.send(new HeadObjectCommand({ Bucket: 'versioned-bucket', Key: 'a/ü b+c%.json' }));
    expect(head).toMatchObject({ ContentLength: 10, ETag: stored.ETag, ContentType: 'application/json' });
  });

  it('takes a stream that the SDK sends in chunks with a trailing checksum', async () => {
    const parts = ['x'.repeat(70_000), 'ü', ''.padEnd(130_000, 'yz')].map((part) => Buffer.from(part));
    const whole = Buffer.concat(parts);
    const Body = Readable.from(parts);
    await client.send(
      new PutObjectCommand({ Bucket: 'plain-bucket', Key: 'stream', Body, ContentLength: whole.length }),
    );
    const object = await get('stream', {}, 'plain-bucket');
    expect(object.text).toBe(whole.toString());
    expect(object.ContentEncoding).toBeUndefined();
  });

  it.each([
    ['bytes=0-2', 'abc', 'bytes 0-2/6'],
    ['bytes=4-', 'ef', 'bytes 4-5/6'],
    ['bytes=-2', 'ef', 'bytes 4-5/6'],
    ['bytes=-99', 'abcdef', 'bytes 0-5/6'],
    ['bytes=2-99', 'cdef', 'bytes 2-5/6'],
    ['bytes=5-2', 'abcdef', undefined],
    ['bytes=0-1,3-4', 'abcdef', undefined],
  ])('answers the range %s', async (Range, text, ContentRange) => {
    await put('range', 'abcdef');
    expect(await get('range', { Range })).toMatchObject({ text, ContentLength: text.length });
    expect((await get('range', { Range })).ContentRange).toBe(ContentRange);
  });

  it.each(['bytes=6-', 'bytes=-0'])('a range that the object has nothing of, %s, is InvalidRange', async (Range) => {
    await put('range', 'abcdef');
    await expect(get('range', { Range })).rejects.toMatchObject({ name: 'InvalidRange', ...status(416) });
  });

  it('honours conditions on reading', async () => {
    const { ETag } = await put('conditional', 'x');
    const before = new Date(Date.now() - 86_400_000);
    const after = new Date(Date.now() + 86_400_000);
    expect((await get('conditional', { IfMatch: ETag })).text).toBe('x');
    expect((await get('conditional', { IfModifiedSince: after })).text).toBe('x');
    expect((await get('conditional', { IfNoneMatch: '"other"', IfModifiedSince: after })).text).toBe('x');
    expect((await get('conditional', { IfMatch: ETag, IfUnmodifiedSince: before })).text).toBe('x');
    for (const condition of [{ IfNoneMatch: ETag }, { IfNoneMatch: '*' }, { IfModifiedSince: new Date() }]) {
      await expect(get('conditional', condition)).rejects.toMatchObject(status(304));
    }
    for (const condition of [{ IfMatch: '"other"' }, { IfUnmodifiedSince: before }]) {
      await expect(get('conditional', condition)).rejects.toMatchObject({ name: 'PreconditionFailed', ...status(412) });
    }
  });

  it('honours conditions on writing', async () => {
    await expect(put('once', 'x', { IfMatch: '"any"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { ETag } = await put('once', 'first', { IfNoneMatch: '*' });
    await expect(put('once', 'x', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('once', 'x', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect((await get('once')).text).toBe('first');
    await put('once', 'second', { IfMatch: ETag });
    expect((await get('once')).text).toBe('second');
  });

  it('a body that is not what its checksum says is refused', async () => {
    const wrong = { ChecksumCRC32: 'AAAAAA==' };
    await expect(put('broken', 'x', wrong)).rejects.toMatchObject({ name: 'BadDigest', ...status(400) });
    await expect(put('broken', 'x', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(get('broken')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('a key or bucket that is not there says so', async () => {
    await expect(get('absent')).rejects.toMatchObject({ name: 'NoSuchKey', ...status(404) });
    const head = new HeadObjectCommand({ Bucket: 'versioned-bucket', Key: 'absent' });
    await expect(client.send(head)).rejects.toMatchObject({ name: 'NotFound' });
    await expect(get('x', {}, 'absent-bucket')).rejects.toMatchObject({ name: 'NoSuchBucket', ...status(404) });
    await expect(client.send(new HeadBucketCommand({ Bucket: 'absent-bucket' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    expect(await client.send(new HeadBucketCommand({ Bucket: 'plain-bucket' }))).toMatchObject({
      BucketRegion: 'eu-central-1',
    });
  });

  it('an operation that is not served is NotImplemented, and names those that are', async () => {
    const command = new GetObjectAclCommand({ Bucket: 'plain-bucket', Key: 'x' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringMatching(/'acl'.*PutObject/),
    });
  });
});

describe('S3 of the local runtime: versions', () => {
  it('keeps every version readable by its id', async () => {
    const first = await put('v', 'one');
    const second = await put('v', 'two');
    expect(first.VersionId).not.toBe(second.VersionId);
    expect((await get('v')).text).toBe('two');
    expect((await get('v', { VersionId: first.VersionId })).text).toBe('one');
    await expect(get('v', { VersionId: 'absent' })).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('a delete hides the object behind a marker; deleting the marker brings it back', async () => {
    const { VersionId } = await put('hidden', 'x');
    const marker = await remove('hidden');
    expect(marker.DeleteMarker).toBe(true);
    await expect(get('hidden')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect((await get('hidden', { VersionId })).text).toBe('x');
    await expect(get('hidden', { VersionId: marker.VersionId })).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    expect((await remove('hidden', { VersionId: marker.VersionId })).DeleteMarker).toBe(true);
    expect((await get('hidden')).text).toBe('x');
    await remove('hidden', { VersionId });
    await expect(get('hidden', { VersionId })).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('without versions a put replaces and a delete removes', async () => {
    expect((await put('p', 'one', {}, 'plain-bucket')).VersionId).toBeUndefined();
    await put('p', 'two', {}, 'plain-bucket');
    expect(await get('p', {}, 'plain-bucket')).toMatchObject({ text: 'two' });
    expect(await remove('p', {}, 'plain-bucket')).not.toHaveProperty('DeleteMarker');
    await expect(get('p', {}, 'plain-bucket')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(remove('p', {}, 'plain-bucket')).resolves.toMatchObject(status(204));
  });
});

describe('S3 of the local runtime: lists', () => {
  const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket: 'list-bucket', ...more }));
  const keysOf = ({ Contents = [] }: Awaited<ReturnType<typeof list>>) => Contents.map(({ Key }) => Key);

  it('lists keys in the order of their UTF-8 bytes, narrowed by prefix, delimiter and start', async () => {
    const keys = ['b', 'a/2', 'a/1', 'a/x/1', 'a&<>"', '\u{1F600}', '\uFF5E', 'gone'];
    for (const key of keys) await put(key, 'body', {}, 'list-bucket');
    await remove('gone', {}, 'list-bucket');
    const all = await list({});
    expect(keysOf(all)).toEqual(['a&<>"', 'a/1', 'a/2', 'a/x/1', 'b', '\uFF5E', '\u{1F600}']);
    expect(all).toMatchObject({ KeyCount: 7, IsTruncated: false, MaxKeys: 1000 });
    expect(all.Contents?.[0]).toMatchObject({ Size: 4, StorageClass: 'STANDARD', LastModified: expect.any(Date) });
    expect(keysOf(await list({ Prefix: 'a/' }))).toEqual(['a/1', 'a/2', 'a/x/1']);
    expect(keysOf(await list({ StartAfter: 'a/2', Prefix: 'a/' }))).toEqual(['a/x/1']);
    const folders = await list({ Delimiter: '/' });
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    expect(keysOf(folders)).toEqual(['a&<>"', 'b', '\uFF5E', '\u{1F600}']);
  });

  it('pages through everything once, whatever the size of a page', async () => {
    const whole = keysOf(await list({}));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (MaxKeys) => {
        const seen: (string | undefined)[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await list({ MaxKeys, ContinuationToken });
          seen.push(...keysOf(page));
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined);
        expect(seen).toEqual(whole);
      }),
      { numRuns: 9 },
    );
  });

  it.each([{ MaxKeys: -1 }, { ContinuationToken: 'no token!' }])('refuses %o', async (wrong) => {
    await expect(list(wrong)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('B11: S3 of the local runtime asks before it acts', () => {
  it('names IAM action and ARN of each call', async () => {
    const { VersionId } = await put('k/1', 'x');
    await get('k/1');
    await get('k/1', { VersionId });
    await client.send(new HeadObjectCommand({ Bucket: 'versioned-bucket', Key: 'k/1' }));
    await client.send(new HeadBucketCommand({ Bucket: 'versioned-bucket' }));
    await client.send(new ListObjectsV2Command({ Bucket: 'versioned-bucket', Prefix: 'k' }));
    await remove('k/1');
    await remove('k/1', { VersionId });
    const object = 'arn:aws:s3:::versioned-bucket/k/1';
    expect(recording.asked.map(({ action, resources }) => [action, ...resources])).toEqual([
      ['s3:PutObject', object],
      ['s3:GetObject', object],
      ['s3:GetObjectVersion', object],
      ['s3:GetObject', object],
      ['s3:ListBucket', 'arn:aws:s3:::versioned-bucket'],
      ['s3:ListBucket', 'arn:aws:s3:::versioned-bucket'],
      ['s3:DeleteObject', object],
      ['s3:DeleteObjectVersion', object],
    ]);
    expect(recording.asked[0]).toMatchObject({ service: 's3', region: 'eu-central-1', accessKeyId: 'AKIDLOCAL' });
  });

  it('a refusal is AccessDenied with 403, and nothing is written', async () => {
    refused = 's3:PutObject';
    await expect(put('denied', 'x')).rejects.toMatchObject({ name: 'AccessDenied', ...status(403) });
    await expect(get('denied')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('who may not list the bucket gets AccessDenied for a key that is not there', async () => {
    refused = 's3:ListBucket';
    await expect(get('absent')).rejects.toMatchObject({ name: 'AccessDenied', ...status(403) });
  });
});

describe('S3 of the local runtime: a bucket whose versions are suspended', () => {
  const Bucket = 'suspended-bucket';

  it('names every version null, keeps one of each, and marks what is deleted', async () => {
    expect(await client.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Suspended' });
    await put('key', 'one', {}, Bucket);
    expect(await put('key', 'two', {}, Bucket)).toMatchObject({ VersionId: 'null' });
    expect(await get('key', { VersionId: 'null' }, Bucket)).toMatchObject({ text: 'two', VersionId: 'null' });
    expect(await remove('key', {}, Bucket)).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    await expect(get('key', {}, Bucket)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await remove('key', { VersionId: 'null' }, Bucket);
    await expect(get('key', { VersionId: 'null' }, Bucket)).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });
});

describe('S3 of the local runtime: headers that a bucket does not take', () => {
  it.each([
    ['ACL', { ACL: 'public-read' }],
    ['grants', { GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }],
  ] as const)('are %s, unless its owner takes them', async (_, acl) => {
    const refusal = { name: 'AccessControlListNotSupported', ...status(400) };
    await expect(put('acl', 'x', acl, 'plain-bucket')).rejects.toMatchObject(refusal);
    const upload = new CreateMultipartUploadCommand({ Bucket: 'plain-bucket', Key: 'acl', ...acl });
    await expect(client.send(upload)).rejects.toMatchObject(refusal);
    expect(await put('acl', 'x', acl, 'acl-bucket')).toMatchObject(status(200));
  });

  it("are not the list that gives the bucket's owner what it has anyway", async () => {
    expect(await put('acl', 'x', { ACL: 'bucket-owner-full-control' }, 'plain-bucket')).toMatchObject(status(200));
  });

  it('are locks', async () => {
    const lock = { ObjectLockLegalHoldStatus: 'ON' };
    await expect(put('locked', 'x', lock)).rejects.toMatchObject({ name: 'InvalidRequest', ...status(400) });
  });
});
