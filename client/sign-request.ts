import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { PlainRequest } from './plain-request.ts';

/** AWS credentials. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigningOptions {
  readonly credentials: Credentials;
  /** AWS region of the gateway: `eu-central-1`. */
  readonly region: string;
  /** Service that is called. @default 'execute-api' */
  readonly service?: string;
}

/**
 * Adds an AWS Signature Version 4 to a request, valid for five minutes.
 *
 * Source: AWS Identity and Access Management User Guide, "AWS Signature Version 4 for API requests".
 */
export async function signRequest(request: PlainRequest, options: SigningOptions): Promise<PlainRequest> {
  const { credentials, region, service = 'execute-api' } = options;
  const { method, body } = request;
  const url = strictlyEscaped(request.url);
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: queryOf(url),
    headers: { ...request.headers, host: url.host },
    body,
  });
  // `fetch` sets the same host itself, and browsers let nobody else do it.
  const { host, ...headers } = signed.headers;
  return { ...request, url, headers };
}

/** A signature knows no `+` for a blank: AWS verifies the query as RFC 3986 escapes it. */
function strictlyEscaped(url: URL): URL {
  const strict = new URL(url);
  strict.search = url.search.replaceAll('+', '%20');
  return strict;
}

function queryOf(url: URL): Record<string, string[]> {
  return Object.fromEntries([...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name)]));
}
