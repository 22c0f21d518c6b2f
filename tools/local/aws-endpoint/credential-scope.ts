import type { IncomingHttpHeaders } from 'node:http';

/** What a SigV4 signature says of its maker. */
interface CredentialScope {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const HEADER_CREDENTIAL = /^AWS4-HMAC-SHA256\s.*?\bCredential=([^,\s]+)/;

/**
 * Reads `Credential=<access key id>/<date>/<region>/<service>/aws4_request` from the `Authorization` header, or `X-Amz-Credential` of a presigned URL.
 * Nothing is verified.
 *
 * Source: IAM User Guide, "Elements of an AWS API request signature".
 *
 * @param url - path and query
 * @returns undefined for a request that isn't signed, or whose credential is malformed
 */
export function readCredentialScope(headers: IncomingHttpHeaders, url: string): CredentialScope | undefined {
  const credential = HEADER_CREDENTIAL.exec(headers.authorization ?? '')?.[1] ?? presignedCredential(url);
  if (credential === undefined) return undefined;
  // An access key id may not hold a slash, yet the four last elements are the ones that are certain.
  const elements = credential.split('/');
  const [terminator, service, region, date] = elements.reverse();
  const accessKeyId = elements.slice(4).reverse().join('/');
  if (terminator !== 'aws4_request' || !service || !region || !date || !accessKeyId) return undefined;
  return { accessKeyId, date, region, service };
}

function presignedCredential(url: string): string | undefined {
  const question = url.indexOf('?');
  if (question < 0 || !url.includes('X-Amz-Credential')) return undefined;
  return new URLSearchParams(url.slice(question)).get('X-Amz-Credential') ?? undefined;
}
