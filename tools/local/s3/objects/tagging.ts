import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { readContent } from '#local/s3/protocol/content.ts';
import { invalidArgument, markerNotAllowed, S3Error } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { elements, readXml, xmlResponse } from '#local/s3/protocol/xml.ts';
import { type S3Call, versionHeader, versionIdOf } from '#local/s3/store/call.ts';
import { isObject, type StoredObject } from '#local/s3/store/stored-object.ts';
import { findObject } from './get-object.ts';

/** Source: Amazon S3 User Guide, "Categorizing your objects using tags". */
const MAX_TAGS = 10;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const TAGGING = z.object({
  TagSet: z.union([
    z.literal('').transform(() => ({ Tag: [] })),
    z.object({ Tag: elements(z.object({ Key: z.string(), Value: z.string() })) }),
  ]),
});

/** GetObjectTagging (Amazon S3 API Reference). */
export function getObjectTagging(call: S3Call): AwsResponse {
  const object = taggedObject(call);
  const tags = [...object.tags].map(
    ([key, value]): Xml => [
      'Tag',
      [
        ['Key', key],
        ['Value', value],
      ],
    ],
  );
  return xmlResponse('Tagging', [['TagSet', tags]], versionHeader(call.bucket, object.versionId));
}

/** PutObjectTagging (Amazon S3 API Reference). */
export async function putObjectTagging(call: S3Call): Promise<AwsResponse> {
  const { body } = await readContent(call.request);
  const { TagSet } = readXml(body, 'Tagging', TAGGING);
  const tags = checkedTags(TagSet.Tag.map(({ Key, Value }) => [Key, Value]));
  return { ...setTags(call, tags), status: 200 };
}

/** DeleteObjectTagging (Amazon S3 API Reference). */
export const deleteObjectTagging = (call: S3Call): AwsResponse => setTags(call, new Map());

/**
 * The tags of `x-amz-tagging`, written like a query string.
 *
 * @throws AwsError `InvalidArgument`, `InvalidTag`
 */
export function headerTags({ 'x-amz-tagging': header }: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const text = header?.toString() ?? '';
  const pairs = [...new URLSearchParams(text)];
  const isWellFormed = text.split('&').every((pair) => /^[^=,]*(=[^=,]*)?$/.test(pair));
  if (isWellFormed && new Set(pairs.map(([key]) => key)).size === pairs.length) return checkedTags(pairs);
  throw invalidArgument(
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    'x-amz-tagging',
    text,
  );
}

function setTags(call: S3Call, tags: ReadonlyMap<string, string>): AwsResponse {
  const object = taggedObject(call);
  call.bucket.setTags(call.key, object, tags);
  return { status: 204, headers: versionHeader(call.bucket, object.versionId), body: '' };
}

/** A delete marker has no tags, whether the request names its version or none. */
function taggedObject(call: S3Call): StoredObject {
  const newest = call.bucket.newest(call.key);
  if (versionIdOf(call) === undefined && newest && !isObject(newest)) {
    throw markerNotAllowed(call.request.method, versionHeader(call.bucket, newest.versionId));
  }
  return findObject(call);
}

function checkedTags(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  if (pairs.length > MAX_TAGS) throw new S3Error(400, 'BadRequest', 'Object tags cannot be greater than 10');
  const tags = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (key === '' || key.length > MAX_KEY_LENGTH || !ALLOWED.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid', { TagKey: key });
    }
    if (key.startsWith('aws:')) throw invalidTag('Your TagKey cannot be prefixed with aws:', { TagKey: key });
    if (value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
      throw invalidTag('The TagValue you have provided is invalid', { TagKey: key, TagValue: value });
    }
    if (tags.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: key });
    tags.set(key, value);
  }
  return tags;
}

const invalidTag = (message: string, details: Readonly<Record<string, string>>): S3Error =>
  new S3Error(400, 'InvalidTag', message, details);
