import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import type { HttpService } from '#local/http/listen.ts';
import { startS3 } from '#local/s3/s3.ts';
import { clientSettings } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';

const asked: string[] = [];
let refused: string | undefined;
const authorize: Authorize = async ({ action, resources }) => {
  asked.push(`${action} ${resources}`);
  if (!resources.some((resource) => `${action} ${resource}` === refused)) return { allowed: true };
  return { allowed: false, status: 400, code: 'AccessDeniedException', message: `not authorized: ${action}` };
};
let service: HttpService;
let client: S3Client;
const Bucket = 'versioned';

beforeAll(async () => {
  const buckets = [
    { name: 'versioned', versioned: true },
    { name: 'plain', versioned: false },
  ];
  service = await startS3({ region: 'eu-central-1', buckets, authorize });
  client = new S3Client(clientSettings(service.url));
});
afterAll(async () => {
  client.destroy();
  await service.close();
});

const put = (Key: string, Body: Buffer | string = 'x', more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Key: string, more: object = {}) => {
  const output = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return output.Body?.transformToString();
};

describe('S3 of the local runtime: copies and deletes of many', () => {
  it('a copy has the body, headers and tags of its source, or those that it is given', async () => {
    await put('from ü+', 'body', { ContentType: 'text/x', Metadata: { a: '1' }, Tagging: 'k=v' });
    const CopySource = `${Bucket}/${encodeURIComponent('from ü+')}`;
    const copy = await client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }));
    expect(copy).toMatchObject({ CopySourceVersionId: expect.any(String), VersionId: expect.any(String) });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
    expect(head).toMatchObject({ ContentType: 'text/x', Metadata: { a: '1' }, ETag: copy.CopyObjectResult?.ETag });
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'to' }));
    expect(TagSet).toEqual([{ Key: 'k', Value: 'v' }]);
    const replace = { MetadataDirective: 'REPLACE', Metadata: { b: '2' } } as const;
    await client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/to`, ...replace }));
    const replaced = await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
    expect(replaced).toMatchObject({ ContentType: 'binary/octet-stream', Metadata: { b: '2' } });
  });

  it('B11: a copy is asked for at its source and at its target', async () => {
    await put('source');
    asked.length = 0;
    await client.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'target', CopySource: `${Bucket}/source` }));
    expect(asked).toEqual(['s3:PutObject arn:aws:s3:::plain/target', 's3:GetObject arn:aws:s3:::versioned/source']);
  });

  it('deletes many at once, and tells by key what it may not', async () => {
    for (const key of ['d1', 'd2', 'kept']) await put(key);
    refused = 's3:DeleteObject arn:aws:s3:::versioned/kept';
    const Objects = ['d1', 'd2', 'kept', 'absent & <gone>'].map((Key) => ({ Key }));
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    refused = undefined;
    expect(Deleted?.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual([
      ['d1', true],
      ['d2', true],
      ['absent & <gone>', true],
    ]);
    expect(Errors).toEqual([{ Key: 'kept', Code: 'AccessDenied', Message: 'not authorized: s3:DeleteObject' }]);
    expect(await text('kept')).toBe('x');
  });
});

describe('S3 of the local runtime: multipart uploads', () => {
  const first = Buffer.alloc(5 * 1024 * 1024, 'a');

  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME'] as const)(
    'become one object, with a checksum of %s',
    async (ChecksumAlgorithm) => {
      const Key = `parts/${ChecksumAlgorithm}`;
      const start = { Bucket, Key, ContentType: 'text/parts', Metadata: { a: '1' }, ChecksumAlgorithm };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(start));
      const Parts = [];
      for (const [index, Body] of [first, Buffer.from('tail')].entries()) {
        const PartNumber = index + 1;
        const { $metadata, ...part } = await client.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm }),
        );
        expect($metadata.requestId).toBeDefined();
        Parts.push({ PartNumber, ...part });
      }
      const listed = await client.send(new ListPartsCommand({ Bucket, Key, UploadId }));
      expect(listed.Parts?.map(({ Size }) => Size)).toEqual([first.length, 4]);
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
      expect(Uploads?.map((upload) => [upload.Key, upload.UploadId])).toEqual([[Key, UploadId]]);
      const complete = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
      const done = await client.send(new CompleteMultipartUploadCommand(complete));
      expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
      expect(done.ChecksumType).toBe(ChecksumAlgorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
      const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED', PartNumber: 2 }));
      expect(head).toMatchObject({ ContentLength: 4, PartsCount: 2, ContentType: 'text/parts', Metadata: { a: '1' } });
      expect(await text(Key, { Range: 'bytes=-5' })).toBe('atail');
      const ObjectAttributes = ['Checksum', 'ObjectSize', 'ObjectParts'] as const;
      const attributes = await client.send(
        new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: [...ObjectAttributes] }),
      );
      expect(attributes).toMatchObject({ ObjectSize: first.length + 4, ObjectParts: { TotalPartsCount: 2 } });
      const gone = client.send(new ListPartsCommand({ Bucket, Key, UploadId }));
      await expect(gone).rejects.toMatchObject({ name: 'NoSuchUpload' });
    },
  );

  it('take parts of other objects, and refuse parts that are too small, unknown or out of order', async () => {
    await put('whole', '0123456789');
    const Key = 'copied';
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, CopySource: `${Bucket}/whole` };
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({ ...part, PartNumber: 1, CopySourceRange: 'bytes=2-4' }),
    );
    const two = await client.send(new UploadPartCopyCommand({ ...part, PartNumber: 2 }));
    const one = { PartNumber: 1, ETag: CopyPartResult?.ETag };
    const complete = (Parts: { PartNumber: number; ETag?: string | undefined }[]) =>
      client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const other = { PartNumber: 2, ETag: two.CopyPartResult?.ETag };
    await expect(complete([one, other])).rejects.toMatchObject({ name: 'EntityTooSmall', MinSizeAllowed: '5242880' });
    await expect(complete([other, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ ...one, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart', PartNumber: '1' });
    await complete([one]);
    expect(await text(Key)).toBe('234');
  });

  it('are gone once they are aborted', async () => {
    const Key = 'aborted';
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
    expect(Uploads).toBeUndefined();
  });
});

describe('S3 of the local runtime: what listings and buckets say', () => {
  const keys = ['list/a b', 'list/a+b', 'list/ü~*', 'list/sub/1', 'list/sub/2', 'list/\u0001'];
  const sortedKeys = keys.toSorted();

  it('keys come back encoded where a client asks for it, as the AWS CLI and boto3 do', async () => {
    for (const key of keys) await put(key);
    const v2 = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', EncodingType: 'url' }));
    expect(v2).toMatchObject({ EncodingType: 'url', Prefix: 'list/', KeyCount: keys.length });
    const decoded = v2.Contents?.map(({ Key }) => decodeURIComponent((Key ?? '').replaceAll('+', ' ')));
    expect(decoded?.toSorted()).toEqual(sortedKeys);
    expect(v2.Contents?.map(({ Key }) => Key)).toContain('list/%C3%BC%7E*');
    const plain = await client.send(new ListObjectsCommand({ Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 2 }));
    expect(plain).toMatchObject({ IsTruncated: true, NextMarker: 'list/a b' });
    const rest = await client.send(
      new ListObjectsCommand({ Bucket, Prefix: 'list/', Delimiter: '/', Marker: plain.NextMarker }),
    );
    expect(rest.CommonPrefixes).toEqual([{ Prefix: 'list/sub/' }]);
  });

  it('versions come by key, the newest first, page by page', async () => {
    const ids = [];
    for (const body of ['1', '2', '3']) ids.unshift((await put('many', body)).VersionId);
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'many', MaxKeys: 2 }));
    expect(page.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [ids[0], true],
      [ids[1], false],
    ]);
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    const next = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'many', KeyMarker, VersionIdMarker }),
    );
    expect(next.Versions?.map(({ VersionId }) => VersionId)).toEqual([ids[2]]);
  });

  it('buckets say where they are and whether they keep versions', async () => {
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['plain', 'versioned']);
    const where = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(where.LocationConstraint).toBe('eu-central-1');
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const plain = await client.send(new GetBucketVersioningCommand({ Bucket: 'plain' }));
    expect(plain.Status).toBeUndefined();
  });

  it('tags are replaced as a whole, and a GET tells how many', async () => {
    await put('tagged');
    const TagSet = [{ Key: 'a', Value: '1' }];
    await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet } }));
    const { TagCount } = await client.send(new GetObjectCommand({ Bucket, Key: 'tagged' }));
    expect(TagCount).toBe(1);
  });

  it('a GET takes the headers of its response from its query', async () => {
    await put('named');
    const ResponseContentDisposition = 'attachment; filename="é.txt"';
    const output = await client.send(
      new GetObjectCommand({ Bucket, Key: 'named', ResponseContentType: 'x/y', ResponseContentDisposition }),
    );
    expect(output).toMatchObject({ ContentType: 'x/y', ContentDisposition: ResponseContentDisposition });
  });
});
