import type { IncomingHttpHeaders } from 'node:http';
import { type CanonicalQuery, parseQuery } from './canonical-request.ts';

/** A request as it came in. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a request says of its signature. Nothing is verified. */
export interface RequestSignature {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** Seconds for which a presigned URL is valid; absent: the signature is in the header. */
  readonly expiresSeconds?: number;
  readonly path: string;
  readonly query: CanonicalQuery;
}

export type SignatureReading =
  | { readonly kind: 'signed'; readonly signature: RequestSignature }
  | { readonly kind: 'unsigned' }
  /** By Signature Version 2, which AWS takes no more. */
  | { readonly kind: 'version-2' }
  /** With what is wrong, and where. */
  | { readonly kind: 'malformed'; readonly cause: string; readonly isPresigned: boolean };

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** Source: IAM User Guide, "Elements of an AWS API request signature": seven days. */
const MAX_EXPIRES_SECONDS = 604_800;
const REQUIRED_PARAMETERS = [
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
];
const MISSING_PARAMETERS =
  'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.';

/** Reads a Signature Version 4 from the `Authorization` header or, of a presigned URL, from the query. */
export function readSignature({ url, headers }: SignedRequest): SignatureReading {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query = question < 0 ? {} : parseQuery(url.slice(question + 1));
  if (!query) return malformed('the query string has a percent sign without two hexadecimal digits');
  const { authorization } = headers;
  if (authorization?.startsWith('AWS ')) return { kind: 'version-2' };
  if (authorization !== undefined) return readHeader(authorization, headers, path, query);
  if (text(query, 'X-Amz-Algorithm') === undefined) {
    return { kind: text(query, 'AWSAccessKeyId') === undefined ? 'unsigned' : 'version-2' };
  }
  const reading = readPresigned(headers, path, query);
  return reading.kind === 'malformed' ? { ...reading, isPresigned: true } : reading;
}

function readHeader(
  authorization: string,
  headers: IncomingHttpHeaders,
  path: string,
  query: CanonicalQuery,
): SignatureReading {
  if (!authorization.startsWith(`${ALGORITHM} `))
    return malformed(`the Authorization header must begin with ${ALGORITHM}`);
  return complete({
    credential: /[\s,]Credential=([^,\s]*)/.exec(authorization)?.[1],
    signedHeaders: /[\s,]SignedHeaders=([^,\s]*)/.exec(authorization)?.[1],
    signature: /[\s,]Signature=([^,\s]*)/.exec(authorization)?.[1],
    timestamp: header(headers, 'x-amz-date'),
    sessionToken: header(headers, 'x-amz-security-token'),
    path,
    query,
  });
}

function readPresigned(headers: IncomingHttpHeaders, path: string, query: CanonicalQuery): SignatureReading {
  if (text(query, 'X-Amz-Algorithm') !== ALGORITHM) return malformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  if (!REQUIRED_PARAMETERS.every((name) => text(query, name) !== undefined)) return malformed(MISSING_PARAMETERS);
  const expires = text(query, 'X-Amz-Expires') ?? '';
  if (!/^-?\d+$/.test(expires)) return malformed('X-Amz-Expires should be a number');
  const expiresSeconds = Number(expires);
  if (expiresSeconds < 0) return malformed('X-Amz-Expires must be non-negative');
  if (expiresSeconds > MAX_EXPIRES_SECONDS) {
    return malformed(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${MAX_EXPIRES_SECONDS} seconds`,
    );
  }
  return complete({
    credential: text(query, 'X-Amz-Credential'),
    signedHeaders: text(query, 'X-Amz-SignedHeaders'),
    signature: text(query, 'X-Amz-Signature'),
    timestamp: text(query, 'X-Amz-Date'),
    sessionToken: text(query, 'X-Amz-Security-Token') ?? header(headers, 'x-amz-security-token'),
    expiresSeconds,
    path,
    query,
  });
}

interface Parts extends Pick<RequestSignature, 'sessionToken' | 'expiresSeconds' | 'path' | 'query'> {
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
}

function complete({ credential, signedHeaders, signature, timestamp, ...rest }: Parts): SignatureReading {
  const [accessKeyId, date, region, service, terminator, ...more] = credential?.split('/') ?? [];
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || more.length > 0) {
    return malformed('Credential must be <access key id>/YYYYMMDD/<region>/<service>/aws4_request');
  }
  if (!signature || !/^[0-9a-f]{64}$/.test(signature)) return malformed('Signature must be 64 hexadecimal digits');
  if (!timestamp || !/^\d{8}T\d{6}Z$/.test(timestamp)) return malformed('X-Amz-Date must be YYYYMMDDTHHMMSSZ');
  if (!timestamp.startsWith(date))
    return malformed(`the date in Credential (${date}) must be that of X-Amz-Date (${timestamp})`);
  const names = signedHeaders?.toLowerCase().split(';').sort() ?? [];
  if (!names.includes('host')) return malformed('SignedHeaders must have host');
  return {
    kind: 'signed',
    signature: { accessKeyId, date, region, service, timestamp, signedHeaders: names, signature, ...rest },
  };
}

function malformed(cause: string): SignatureReading {
  return { kind: 'malformed', cause, isPresigned: false };
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  return headers[name]?.toString();
}

function text(query: CanonicalQuery, name: string): string | undefined {
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
