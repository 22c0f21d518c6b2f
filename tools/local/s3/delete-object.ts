import type { AwsResponse } from '../aws-endpoint/aws-endpoint.ts';
import { type S3Call, versionHeader, versionIdOf } from './call.ts';
import { isObject } from './stored-object.ts';

/** DeleteObject (Amazon S3 API Reference): a key that isn't there is deleted just as well. */
export function deleteObject(call: S3Call): AwsResponse {
  const version = call.bucket.delete(call.key, versionIdOf(call));
  const marker = version && !isObject(version) && { 'x-amz-delete-marker': 'true' };
  return {
    status: 204,
    headers: { ...(version && versionHeader(call, version.versionId)), ...marker },
    body: '',
  };
}
