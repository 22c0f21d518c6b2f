import type { AwsRequest, AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';

/** An XML 1.0 document with the element as its root. */
export const xmlDocument = (root: Xml): string => `<?xml version="1.0" encoding="UTF-8"?>\n${write(root)}`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters go as character references, as S3 writes keys that hold them. */
const escapeText = (text: string): string =>
  text.replace(/[&<>"\p{Cc}]/gu, (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);

/** Errors of S3 (Amazon S3 API Reference, "Error responses"). */
export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError(404, 'NoSuchBucket', `The specified bucket does not exist: ${bucket}`);

export const noSuchVersion = (): AwsError =>
  new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.');

export const invalidArgument = (message: string): AwsError => new AwsError(400, 'InvalidArgument', message);

export const preconditionFailed = (header: string): AwsError =>
  new AwsError(412, 'PreconditionFailed', `At least one of the pre-conditions you specified did not hold: ${header}`);

export const notImplemented = (what: string): AwsError =>
  new AwsError(501, 'NotImplemented', `The local runtime's S3 doesn't serve ${what}.`);

/** The current version of a key is missing or a delete marker. */
export class NoSuchKey extends AwsError {
  constructor(
    key: string,
    readonly deleteMarker: boolean,
  ) {
    super(404, 'NoSuchKey', `The specified key does not exist: ${key}`);
  }
}

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

/** An XML element: text, or elements within. An element whose content is undefined is left out. */
export type Xml = readonly [name: string, content: string | number | boolean | readonly Xml[] | undefined];

function write([name, content]: Xml): string {
  if (content === undefined) return '';
  const inner = typeof content === 'object' ? content.map(write).join('') : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}
