import type { AwsRequest, AwsResponse } from '../aws-endpoint/aws-endpoint.ts';
import type { AwsError } from '../aws-endpoint/aws-error.ts';
import { NoSuchKey } from './errors.ts';
import { xmlDocument } from './xml.ts';

/** An error as S3 puts it (Amazon S3 API Reference, "REST Error Responses"). */
export function errorResponse(error: AwsError, { requestId, url }: AwsRequest): AwsResponse {
  const { status, code, message } = error;
  const body = xmlDocument([
    'Error',
    [
      ['Code', code],
      ['Message', message],
      ['Resource', url],
      ['RequestId', requestId],
    ],
  ]);
  const marker = error instanceof NoSuchKey && error.deleteMarker && { 'x-amz-delete-marker': 'true' };
  return { status, headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, ...marker }, body };
}
