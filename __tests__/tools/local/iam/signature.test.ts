import { createHash, createHmac } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { getSigningKey } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Authorization, AuthorizeRequest } from '#local/aws-endpoint/authorize.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { createAuthorizer } from '#local/iam/authorizer.ts';
import { allow, type Call, NOW, presign, role, sign, storeOf } from './support.ts';

const store = storeOf([role('all', allow(['*'], ['*']))]);
const credentials = store.forRole('arn:aws:iam::000000000000:role/all');
const { authorize } = createAuthorizer({ credentials: store, log: new RuntimeLog(), now: () => NOW });

const MINUTES = 60_000;
const allowed: Authorization = { allowed: true };
const refused = (status: number, code: string) => ({ allowed: false, status, code });

describe('SigV4 verification', () => {
  it.each([
    ['a call to a JSON service', { headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' }, body: '{"a":"é"}' }],
    [
      'a path with escapes and dots',
      { service: 'execute-api', path: '/prod/user/a%20b/%C3%A9/./x/../y/', method: 'GET', body: '' },
    ],
    [
      'a query with several values and no value',
      { service: 'execute-api', query: { b: ['2', '1'], a: '', 'é&': '+ =' } },
    ],
    ['headers with blanks', { headers: { 'x-amz-meta-a': '  a   b  ' } }],
    ["an object's path", { service: 's3', path: "/bucket/a%20b//c/../d%2Fe'()*!~", method: 'PUT', body: 'data' }],
    [
      'a payload that is not hashed',
      { service: 's3', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'x' },
    ],
    [
      'chunks',
      {
        service: 's3',
        headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
        body: '1\r\nx\r\n0\r\n\r\n',
      },
    ],
    ['a clock 4 minutes behind', { signedAt: NOW - 4 * MINUTES }],
    ['a clock 4 minutes ahead', { signedAt: NOW + 4 * MINUTES }],
  ] satisfies [string, Call][])('accepts %s', async (_, call) => {
    expect(await authorize(await sign(credentials, call))).toEqual(allowed);
  });

  it('accepts whatever path and query the signer signs', async () => {
    const segment = fc.string({
      unit: fc.constantFrom('a', '.', '~', '-', '_', '%20', '%C3%A9', "'", '(', '*', '!', '@', ':', '+', '=', '$'),
    });
    // The signer writes [object Object] for it.
    const queryName = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name !== '__proto__');
    const call = fc.record({
      service: fc.constantFrom('s3', 'execute-api'),
      path: fc.array(segment).map((segments) => `/${segments.join('/')}`),
      query: fc.dictionary(queryName, fc.string({ unit: 'grapheme' }), { noNullPrototype: true }),
      body: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(call, async (given) => {
        expect(await authorize(await sign(credentials, given))).toEqual(allowed);
      }),
      {
        numRuns: 300,
      },
    );
  });

  it("accepts a query with the name __proto__, which the SDK's signer leaves out, and refuses another value of it", async () => {
    const request = await signByHand(
      '/events',
      'a-b=2&__proto__=y&a=3&__proto__=x%20',
      '__proto__=x%20&__proto__=y&a=3&a-b=2',
    );
    expect(await authorize(request)).toEqual(allowed);
    const changed = { ...request, url: request.url.replace('=y', '=z') };
    expect(await authorize(changed)).toMatchObject(refused(403, 'InvalidSignatureException'));
  });

  it.each([
    ['another body', (request) => ({ ...request, body: Buffer.from('{"b":1}') })],
    ['another path', (request) => ({ ...request, url: '/x' })],
    ['another query', (request) => ({ ...request, url: '/?a=1' })],
    ['another method', (request) => ({ ...request, method: 'PUT' })],
    ['another signed header', (request) => ({ ...request, headers: { ...request.headers, host: 'other' } })],
    ['another signature', (request) => replaceHeader(request, /Signature=\w{4}/, 'Signature=0000')],
    [
      'a signed header that is missing',
      (request) => ({ ...request, headers: { ...request.headers, host: undefined } }),
    ],
  ] satisfies [string, (request: AuthorizeRequest) => AuthorizeRequest][])('refuses %s', async (_, change) => {
    const request = await sign(credentials);
    expect(await authorize(change(request))).toMatchObject(refused(400, 'InvalidSignatureException'));
    const toApi = await sign(credentials, { service: 'execute-api' });
    expect(await authorize(change(toApi))).toMatchObject(refused(403, 'InvalidSignatureException'));
  });

  it.each([
    ['not signed', async () => ({ ...(await sign(credentials)), headers: {} }), 'MissingAuthenticationTokenException'],
    ['with an unknown key', () => sign({ ...credentials, accessKeyId: 'ASIAUNKNOWN' }), 'UnrecognizedClientException'],
    ['with another session token', () => sign({ ...credentials, sessionToken: 'x' }), 'UnrecognizedClientException'],
    ['with another secret', () => sign({ ...credentials, secretAccessKey: 'x' }), 'InvalidSignatureException'],
    ['6 minutes old', () => sign(credentials, { signedAt: NOW - 6 * MINUTES }), 'InvalidSignatureException'],
    ['6 minutes early', () => sign(credentials, { signedAt: NOW + 6 * MINUTES }), 'InvalidSignatureException'],
    [
      'for another region',
      async () => ({ ...(await sign(credentials)), region: 'eu-west-1' }),
      'InvalidSignatureException',
    ],
    [
      'for another service',
      async () => ({ ...(await sign(credentials)), service: 'ssm' }),
      'InvalidSignatureException',
    ],
    [
      'with basic authorization',
      async () => withHeader(await sign(credentials), 'Basic eDp5'),
      'IncompleteSignatureException',
    ],
    [
      'with half an authorization',
      async () => withHeader(await sign(credentials), 'AWS4-HMAC-SHA256 Credential=a/b'),
      'IncompleteSignatureException',
    ],
  ] as const)('refuses a request %s', async (_, make, code) => {
    expect(await authorize(await make())).toMatchObject(refused(400, code));
  });

  it.each([
    ['not signed', async () => ({ ...(await sign(credentials, { service: 's3' })), headers: {} }), 403, 'AccessDenied'],
    [
      'with an unknown key',
      () => sign({ ...credentials, accessKeyId: 'x' }, { service: 's3' }),
      403,
      'InvalidAccessKeyId',
    ],
    ['with another token', () => sign({ ...credentials, sessionToken: 'x' }, { service: 's3' }), 400, 'InvalidToken'],
    [
      'with another secret',
      () => sign({ ...credentials, secretAccessKey: 'x' }, { service: 's3' }),
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'an hour old',
      () => sign(credentials, { service: 's3', signedAt: NOW - 60 * MINUTES }),
      403,
      'RequestTimeTooSkewed',
    ],
    [
      'whose body is another',
      async () => ({ ...(await sign(credentials, { service: 's3' })), body: Buffer.from('x') }),
      400,
      'XAmzContentSHA256Mismatch',
    ],
  ] as const)("refuses, in S3's words, a request %s", async (_, make, status, code) => {
    expect(await authorize(await make())).toMatchObject(refused(status, code));
  });

  it.each([
    ['in the header', (request: AuthorizeRequest) => withHeader(request, 'AWS AKID:c2lnbmF0dXJl')],
    [
      'in the query',
      (request: AuthorizeRequest) => ({ ...request, headers: {}, url: '/b/k?AWSAccessKeyId=A&Expires=1&Signature=x' }),
    ],
  ])("says to S3's callers that Signature Version 2 is gone: %s", async (_, change) => {
    const decision = await authorize(change(await sign(credentials, { service: 's3' })));
    expect(decision).toMatchObject(refused(400, 'InvalidRequest'));
    expect(decision).toMatchObject({ message: expect.stringContaining('Please use AWS4-HMAC-SHA256') });
  });

  it("takes a tab for a blank, letters beyond ASCII as UTF-8, and refuses S3's headers that are not signed", async () => {
    const tab = await sign(credentials, { headers: { 'x-custom': 'a\tb' } });
    expect(await authorize(tab)).toEqual(allowed);
    const wide = await sign(credentials, { headers: { 'x-custom': 'ü' } });
    const asBytes = Buffer.from('ü').toString('latin1');
    expect(await authorize({ ...wide, headers: { ...wide.headers, 'x-custom': asBytes } })).toEqual(allowed);
    const put = await sign(credentials, { service: 's3', method: 'PUT', path: '/b/k' });
    const more = { ...put, headers: { ...put.headers, 'x-amz-meta-late': '1' } };
    expect(await authorize(more)).toMatchObject({
      ...refused(403, 'AccessDenied'),
      details: { HeadersNotSigned: 'x-amz-meta-late' },
    });
  });

  it('never breaks on an Authorization header', async () => {
    const request = await sign(credentials);
    await fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.constantFrom('AWS4-HMAC-SHA256 ', 'Credential=', 'a/b', '/', ',', '=', '__proto__', ' '),
        }),
        async (text) => {
          expect(await authorize(withHeader(request, text))).toMatchObject({ allowed: false });
        },
      ),
    );
  });
});

describe('presigned URLs', () => {
  const call = { service: 's3', path: '/bucket/a%20b', query: { 'x-id': 'GetObject' } };

  it('are accepted until they expire', async () => {
    expect(await authorize(await presign(credentials, call))).toEqual(allowed);
    expect(await authorize(await presign(credentials, { ...call, signedAt: NOW - 59_000 }))).toEqual(allowed);
    expect(await authorize(await presign(credentials, { ...call, signedAt: NOW - 61_000 }))).toMatchObject({
      ...refused(403, 'AccessDenied'),
      message: 'Request has expired',
      details: { 'X-Amz-Expires': '60', Expires: '2025-01-31T11:59:59Z', ServerTime: '2025-01-31T12:00:00Z' },
    });
  });

  it('are refused when something was changed', async () => {
    const request = await presign(credentials, call);
    expect(await authorize({ ...request, url: request.url.replace('a%20b', 'other') })).toMatchObject(
      refused(403, 'SignatureDoesNotMatch'),
    );
    expect(await authorize({ ...request, url: request.url.replace('Expires=60', 'Expires=600') })).toMatchObject({
      allowed: false,
    });
    expect(await authorize({ ...request, url: request.url.replace('Expires=60', 'Expires=x') })).toMatchObject(
      refused(400, 'AuthorizationQueryParametersError'),
    );
  });
});

describe("requests of the AWS SDK's clients", () => {
  const { authorize } = createAuthorizer({ credentials: store, log: new RuntimeLog() });
  const key = "folder/a b+é(1)'~!*.json";

  it.each([
    [
      'dynamodb',
      (config: Config) =>
        new DynamoDBClient(config).send(new PutItemCommand({ TableName: 't', Item: { id: { S: 'é' } } })),
    ],
    ['ssm', (config: Config) => new SSMClient(config).send(new GetParameterCommand({ Name: '/a/b' }))],
    ['s3', (config: Config) => new S3Client(config).send(new PutObjectCommand({ Bucket: 'b', Key: key, Body: 'x' }))],
    [
      's3',
      (config: Config) => new S3Client(config).send(new GetObjectCommand({ Bucket: 'b', Key: key, VersionId: 'v' })),
    ],
    ['s3', (config: Config) => new S3Client(config).send(new ListObjectsV2Command({ Bucket: 'b', Prefix: key }))],
  ])('are accepted: %s', async (service, send) => {
    const requests: AuthorizeRequest[] = [];
    const requestHandler = {
      handle: async (request: HttpRequest) => {
        requests.push(toRequest(service, request));
        throw new Error('seen');
      },
    };
    const config = {
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:9',
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
      requestHandler,
    };
    await expect(send(config)).rejects.toThrow('seen');
    expect(await Promise.all(requests.map(authorize))).toEqual([allowed]);
  });
});

/** Source: IAM User Guide, "Create a signed AWS API request". */
async function signByHand(path: string, query: string, canonicalQuery: string): Promise<AuthorizeRequest> {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const timestamp = '20250131T120000Z';
  const scope = '20250131/eu-central-1/execute-api/aws4_request';
  const headers = { host: 'localhost', 'x-amz-date': timestamp, 'x-amz-security-token': credentials.sessionToken };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const canonical = ['GET', path, canonicalQuery, ...lines, '', names, sha256('')].join('\n');
  const key = await getSigningKey(Sha256, credentials, '20250131', 'eu-central-1', 'execute-api');
  const signature = createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n'))
    .digest('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  const request = toRequest('execute-api', { method: 'GET', path: `${path}?${query}`, headers });
  return withHeader(request, authorization);
}

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Config {
  readonly region: string;
  readonly requestHandler: { handle(request: HttpRequest): Promise<never> };
}

function toRequest(service: string, { method, path, query = {}, headers, body }: HttpRequest): AuthorizeRequest {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return {
    service,
    region: 'eu-central-1',
    action: `${service}:Any`,
    resources: ['*'],
    method,
    url: path + (pairs.length > 0 ? `?${pairs.join('&')}` : ''),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(typeof body === 'string' || body instanceof Uint8Array ? body : ''),
  };
}

function withHeader(request: AuthorizeRequest, authorization: string): AuthorizeRequest {
  return { ...request, headers: { ...request.headers, authorization } };
}

function replaceHeader(request: AuthorizeRequest, pattern: RegExp, replacement: string): AuthorizeRequest {
  return withHeader(request, request.headers.authorization?.replace(pattern, replacement) ?? '');
}
