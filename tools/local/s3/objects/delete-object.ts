import { z } from 'zod';
import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { readContent } from '#local/s3/protocol/content.ts';
import { headerNotImplemented, invalidRequest, malformedXml, noSuchVersion } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { elements, readXml, xmlResponse } from '#local/s3/protocol/xml.ts';
import { headerOf, type S3Call, versionHeader, versionIdOf } from '#local/s3/store/call.ts';
import { isObject } from '#local/s3/store/stored-object.ts';
import { requireMatch } from './conditions.ts';

/** Keys that one DeleteObjects may name. */
const MAX_KEYS = 1000;

/** Conditions that directory buckets alone have. */
const UNSUPPORTED = ['x-amz-if-match-size', 'x-amz-if-match-last-modified-time'];

/** Errors that one key has; any other is the whole request's. */
const OF_ONE_KEY = new Set(['AccessDenied', 'NoSuchKey', 'NoSuchVersion', 'PreconditionFailed']);

const DELETE = z.object({
  Object: elements(z.object({ Key: z.string().min(1), VersionId: z.string().optional(), ETag: z.string().optional() })),
  Quiet: z.enum(['true', 'false']).optional(),
});

/** DeleteObject (Amazon S3 API Reference): a key that isn't there is deleted just as well. */
export function deleteObject(call: S3Call): AwsResponse {
  const { bucket, key } = call;
  const unsupported = UNSUPPORTED.find((name) => headerOf(call, name) !== undefined);
  if (unsupported !== undefined) throw headerNotImplemented(unsupported);
  const versionId = versionIdOf(call);
  const match = headerOf(call, 'if-match');
  if (match !== undefined) requireMatch(bucket, key, match);
  const version = bucket.delete(key, versionId);
  const marker = version && !isObject(version) && { 'x-amz-delete-marker': 'true' };
  const named = version?.versionId ?? versionId;
  return {
    status: 204,
    headers: { ...(named !== undefined && versionHeader(bucket, named)), ...marker },
    body: '',
  };
}

/** DeleteObjects (Amazon S3 API Reference): what can't be deleted is told of by key, the rest is deleted. */
export async function deleteObjects(call: S3Call): Promise<AwsResponse> {
  const { request } = call;
  const isChecked = Object.keys(request.headers).some((name) =>
    /^(content-md5|x-amz-checksum-.*|x-amz-trailer)$/.test(name),
  );
  if (!isChecked) throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  const { body } = await readContent(request);
  const { Object: objects, Quiet } = readXml(body, 'Delete', DELETE);
  if (objects.length === 0 || objects.length > MAX_KEYS) throw malformedXml();
  const results: Xml[] = [];
  for (const each of objects) {
    const result = await deleteOne(call, each);
    if (result[0] === 'Error' || Quiet !== 'true') results.push(result);
  }
  return xmlResponse('DeleteResult', results);
}

async function deleteOne(
  { request, require, bucket }: S3Call,
  { Key, VersionId, ETag }: z.infer<typeof DELETE>['Object'][number],
): Promise<Xml> {
  try {
    await require(VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', bucket.name, Key);
    if (VersionId !== undefined && !bucket.isVersionId(VersionId)) throw noSuchVersion(Key, VersionId);
    if (ETag !== undefined) requireMatch(bucket, Key, ETag);
    const version = bucket.delete(Key, VersionId);
    const marker = version && !isObject(version) ? version.versionId : undefined;
    return [
      'Deleted',
      [
        ['Key', Key],
        ['VersionId', VersionId],
        ['DeleteMarker', marker === undefined ? undefined : true],
        ['DeleteMarkerVersionId', marker],
      ],
    ];
  } catch (error) {
    if (!(error instanceof AwsError) || !OF_ONE_KEY.has(error.code) || request.accessKeyId === undefined) throw error;
    return [
      'Error',
      [
        ['Key', Key],
        ['VersionId', VersionId],
        ['Code', error.code],
        ['Message', error.message],
      ],
    ];
  }
}
