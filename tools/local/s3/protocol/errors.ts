import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { AwsRequest, AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { type Xml, xmlDocument } from './write-xml.ts';

/** An error of S3, with what stands beside its message (Amazon S3 API Reference, "Error responses"). */
export class S3Error extends AwsError {
  /**
   * @param details - elements of the error: `Key`, `ArgumentName`; undefined ones are left out
   * @param headers - that the response carries besides
   */
  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, number | string | undefined>> = {},
    readonly headers: OutgoingHttpHeaders = {},
  ) {
    super(status, code, message, details);
  }
}

/** The current version of a key is missing or a delete marker. */
export class NoSuchKey extends S3Error {
  /** @param markerVersionId - of the delete marker that hides the object */
  constructor(
    readonly bucket: string,
    key: string,
    markerVersionId?: string,
  ) {
    const marker = markerVersionId !== undefined && {
      'x-amz-delete-marker': 'true',
      'x-amz-version-id': markerVersionId,
    };
    super(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key }, { ...marker });
  }
}

export const noSuchBucket = (bucket: string): S3Error =>
  new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket });

export const noSuchVersion = (key: string, versionId: string): S3Error =>
  new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: versionId });

export const invalidArgument = (message: string, name: string, value?: string): S3Error =>
  new S3Error(400, 'InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });

export const invalidRequest = (message: string): S3Error => new S3Error(400, 'InvalidRequest', message);

export const malformedXml = (): S3Error =>
  new S3Error(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const preconditionFailed = (condition: string): S3Error =>
  new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

/** @param headers - the version that the marker is */
export const markerNotAllowed = (method: string, headers: OutgoingHttpHeaders): S3Error =>
  new S3Error(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { Method: method, ResourceType: 'DeleteMarker' },
    { allow: 'DELETE', 'x-amz-delete-marker': 'true', ...headers },
  );

/** A header that S3 itself doesn't take here. */
export const headerNotImplemented = (header: string, additionalMessage?: string): S3Error =>
  new S3Error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
    Header: header,
    additionalMessage,
  });

/** What S3 has and the local runtime doesn't. */
export const notServed = (what: string): S3Error =>
  new S3Error(501, 'NotImplemented', `The local runtime's S3 doesn't serve ${what}.`);

/** What every response of S3 carries, a success as well. */
export const requestIds = ({ requestId }: AwsRequest) => ({
  'x-amz-request-id': requestId,
  'x-amz-id-2': createHash('sha256').update(requestId).digest('base64'),
});

/** An error as S3 puts it (Amazon S3 API Reference, "REST Error Responses"). */
export function errorResponse(error: AwsError, request: AwsRequest): AwsResponse {
  const { status, code, message, details } = error;
  const ids = requestIds(request);
  const headers = error instanceof S3Error ? error.headers : {};
  const body = xmlDocument([
    'Error',
    [
      ['Code', code],
      ['Message', message],
      ...Object.entries(details).map(([name, value]): Xml => [name, value === undefined ? undefined : String(value)]),
      ['RequestId', request.requestId],
      ['HostId', ids['x-amz-id-2']],
    ],
  ]);
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}
