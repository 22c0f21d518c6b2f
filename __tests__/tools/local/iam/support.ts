import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AuthorizeRequest } from '#local/aws-endpoint/authorize.ts';
import { type CredentialStore, type Credentials, createCredentialStore } from '#local/iam/credential-store.ts';

import type { PolicyStatement, RegionModel, Role } from '#local/model/model.ts';

export const NOW = Date.UTC(2025, 0, 31, 12, 0, 0);
export const TABLE = 'arn:aws:dynamodb:eu-central-1:000000000000:table/table-a';

export function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return { effect: 'Allow', actions, resources };
}

export function role(name: string, ...statements: readonly PolicyStatement[]): Role {
  return { name, arn: `arn:aws:iam::000000000000:role/${name}`, statements };
}

export function storeOf(roles: readonly Role[], secondaryRoles: readonly Role[] = []): CredentialStore {
  const region = (type: RegionModel['type'], of: readonly Role[]): RegionModel => ({
    type,
    region: type === 'primary' ? 'eu-central-1' : 'eu-west-1',
    functions: [],
    roles: of,
    restApis: [],
    usagePlans: [],
    domains: [],
    tables: [],
    buckets: [],
  });
  return createCredentialStore({
    regions: { primary: region('primary', roles), secondary: region('secondary', secondaryRoles) },
  });
}

export interface Call {
  readonly service?: string;
  readonly region?: string;
  readonly action?: string;
  readonly resources?: readonly string[];
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signedAt?: number;
}

/** A request as a client of the AWS SDK signs it. */
export async function sign(credentials: Credentials, call: Call = {}): Promise<AuthorizeRequest> {
  const { service = 'dynamodb', region = 'eu-central-1', method = 'POST', path = '/', query = {}, body = '{}' } = call;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' });
  const headers = { host: '127.0.0.1:4000', ...call.headers };
  const request = { method, protocol: 'http:', hostname: '127.0.0.1', path, query, headers, body };
  const signed = await signer.sign(request, { signingDate: new Date(call.signedAt ?? NOW) });
  return toAuthorizeRequest({ ...call, service, region, method, path, query, body }, signed.headers);
}

/** A request as a presigned URL makes it. */
export async function presign(
  credentials: Credentials,
  call: Call & { readonly expiresIn?: number },
): Promise<AuthorizeRequest> {
  const { service = 's3', region = 'eu-central-1', method = 'GET', path = '/', query = {}, body = '' } = call;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' });
  const headers = { host: '127.0.0.1:4000', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const signed = await signer.presign(
    { method, protocol: 'http:', hostname: '127.0.0.1', path, query, headers },
    {
      signingDate: new Date(call.signedAt ?? NOW),
      expiresIn: call.expiresIn ?? 60,
      unhoistableHeaders: new Set(),
      unsignableHeaders: new Set(['x-amz-content-sha256']),
    },
  );
  const hoisted = Object.fromEntries(
    Object.entries(signed.query ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  return toAuthorizeRequest({ ...call, service, region, method, path, query: hoisted, body }, { host: headers.host });
}

function toAuthorizeRequest(call: Call, signed: Readonly<Record<string, string>>): AuthorizeRequest {
  const pairs = Object.entries(call.query ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return {
    service: call.service ?? 'dynamodb',
    region: call.region ?? 'eu-central-1',
    action: call.action ?? 'dynamodb:GetItem',
    resources: call.resources ?? [TABLE],
    method: call.method ?? 'POST',
    url: (call.path ?? '/') + (pairs.length > 0 ? `?${pairs.join('&')}` : ''),
    headers: Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(call.body ?? ''),
  };
}
