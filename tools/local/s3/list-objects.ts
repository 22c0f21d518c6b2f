import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import type { BucketStore } from './bucket-store.ts';
import type { S3Call } from './call.ts';
import { invalidArgument, notImplemented, type Xml, xmlDocument } from './errors.ts';

const MAX_KEYS = 1000;

/** ListObjectsV2 (Amazon S3 API Reference). */
export function listObjects({ bucket, query }: S3Call): AwsResponse {
  if (query.get('list-type') !== '2') throw notImplemented('ListObjects version 1; ask with list-type=2');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token') ?? undefined;
  const startAfter = query.get('start-after') ?? undefined;
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const after = token === undefined ? startAfter : fromToken(token);
  const page = readPage(bucket, { prefix, delimiter, after, maxKeys });
  const contents = page.entries.map((entry) => toXml(bucket, entry));
  const xml: Xml = [
    'ListBucketResult',
    [
      ['Name', bucket.name],
      ['Prefix', prefix],
      ['Delimiter', delimiter || undefined],
      ['StartAfter', startAfter],
      ['MaxKeys', maxKeys],
      ['KeyCount', page.entries.length],
      ['IsTruncated', page.next !== undefined],
      ['ContinuationToken', token],
      ['NextContinuationToken', page.next === undefined ? undefined : toToken(page.next)],
      ...contents,
    ],
  ];
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: xmlDocument(xml) };
}

interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only what comes after this key or common prefix. */
  readonly after: string | undefined;
  readonly maxKeys: number;
}

interface Entry {
  readonly name: string;
  readonly isPrefix: boolean;
}

/** @returns keys and common prefixes in order, and the last of them when there are more */
function readPage(bucket: BucketStore, { prefix, delimiter, after, maxKeys }: PageRequest) {
  const entries: Entry[] = [];
  const afterBytes = after === undefined ? undefined : Buffer.from(after);
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue;
    const entry = entryOf(key, prefix, delimiter);
    if (afterBytes && Buffer.compare(Buffer.from(entry.name), afterBytes) <= 0) continue;
    if (entry.isPrefix && entries.at(-1)?.name === entry.name) continue;
    // One more than asked for: there's another page. None asked for is an answer, not a page.
    if (entries.length === maxKeys) return { entries, next: entries.at(-1)?.name };
    entries.push(entry);
  }
  return { entries, next: undefined };
}

function entryOf(key: string, prefix: string, delimiter: string): Entry {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? { name: key, isPrefix: false } : { name: key.slice(0, end + delimiter.length), isPrefix: true };
}

function toXml(bucket: BucketStore, { name, isPrefix }: Entry): Xml {
  if (isPrefix) return ['CommonPrefixes', [['Prefix', name]]];
  const object = bucket.current(name);
  return [
    'Contents',
    [
      ['Key', name],
      ['LastModified', object?.lastModified.toISOString()],
      ['ETag', object?.etag],
      ['Size', object?.body.length],
      ['StorageClass', 'STANDARD'],
    ],
  ];
}

function parseMaxKeys(text: string | null): number {
  const asked = text || String(MAX_KEYS);
  if (!/^\d{1,10}$/.test(asked)) throw invalidArgument(`max-keys is '${asked}'; it must be a number from 0 on.`);
  return Math.min(Number(asked), MAX_KEYS);
}

const toToken = (key: string): string => Buffer.from(key).toString('base64url');

function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (token === '' || toToken(key) !== token) throw invalidArgument('The continuation token provided is incorrect.');
  return key;
}
