import type { RegionContents } from '#local/data/contents.ts';
import { type Filling, nameEnding } from '#local/data/filling.ts';
import { putObject } from './objects/put-object.ts';
import type { BucketStore } from './store/bucket-store.ts';

type Objects = NonNullable<RegionContents['objects']>;
type Content = Objects[string][string];
type Buckets = ReadonlyMap<string, BucketStore>;

/** The current objects of every bucket. */
export function objectsOf(buckets: Buckets): Objects {
  return Object.fromEntries(
    [...buckets].map(([name, bucket]) => [
      name,
      Object.fromEntries(
        bucket.keys().flatMap((key) => {
          const object = bucket.current(key);
          return object ? [[key, toContent(object.body, object.headers['content-type'])]] : [];
        }),
      ),
    ]),
  );
}

/** Puts objects as a client would; buckets may be named by the end of their names. */
export function fillBuckets(region: string, buckets: Buckets, given: Objects): Filling {
  const problems: string[] = [];
  const puts: (() => Promise<unknown>)[] = [];
  for (const [name, objects] of Object.entries(given)) {
    const bucket = buckets.get(nameEnding([...buckets.keys()], name) ?? '');
    if (bucket) {
      for (const [key, content] of Object.entries(objects)) {
        puts.push(() => putInto(region, buckets, bucket, key, toBody(content), content.contentType));
      }
    } else {
      problems.push(`bucket ${name}: there is none; there are ${[...buckets.keys()].join(', ')}`);
    }
  }
  const write = async () => {
    for (const put of puts) await put();
  };
  return { problems, write };
}

/** Puts an object as its owner would. */
export function putInto(
  region: string,
  buckets: Buckets,
  bucket: BucketStore,
  key: string,
  body: Buffer,
  contentType?: string,
): Promise<unknown> {
  const headers = { 'content-length': String(body.length), ...(contentType && { 'content-type': contentType }) };
  const request = { requestId: key, method: 'PUT', url: `/${bucket.name}/${key}`, headers, body };
  return putObject({ request, region, buckets, bucket, key, query: new URLSearchParams(), require: async () => {} });
}

function toContent(body: Buffer, contentType: unknown): Content {
  const type = typeof contentType === 'string' ? { contentType } : {};
  const text = body.toString();
  return Buffer.from(text).equals(body) ? { text, ...type } : { base64: body.toString('base64'), ...type };
}

const toBody = (content: Content): Buffer =>
  'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64');
