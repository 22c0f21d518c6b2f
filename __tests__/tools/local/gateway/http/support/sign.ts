import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '#local/iam/credential-store.ts';
import type { RequestOptions } from '#tests/tools/local/gateway/rest/support/send.ts';

interface ToSign {
  readonly method?: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly host: string;
  readonly region: string;
  readonly body?: string;
  readonly service?: string;
  readonly signedAt?: Date;
}

/** A request signed as an SDK's client signs it. */
export async function signed(credentials: Credentials, toSign: ToSign): Promise<[string, RequestOptions]> {
  const { method = 'GET', path, query = {}, host, region, body, service = 'execute-api' } = toSign;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: host,
      path,
      query,
      headers: { host, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    },
    { signingDate: toSign.signedAt ?? new Date() },
  );
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return [
    pairs.length === 0 ? path : `${path}?${pairs.join('&')}`,
    { method, headers, ...(body !== undefined && { body }) },
  ];
}
