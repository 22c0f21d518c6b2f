import type { Operation } from '#contract/operation.ts';
import type { PlainRequest } from './plain-request.ts';
import type { Credentials } from './sign-request.ts';

/** What a caller identifies itself with. */
export interface Access {
  /** Sent to operations that ask for a key. */
  readonly apiKey?: string;
  /** Requests to operations for IAM principals are signed with these; a function is asked before each of them. */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  /** Sent to operations for holders of a token, without `Bearer`; a function is asked before each of them. */
  readonly token?: string | (() => Promise<string>);
  /** AWS region of the gateway, for the signature. */
  readonly region?: string;
}

export interface SendOptions extends Access {
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request the way its operation asks for. What it asks for and `options` lacks is left out: the gateway then refuses the request.
 *
 * @throws Error when there are credentials but no region
 */
export async function send(
  { auth, responses = {} }: Pick<Operation, 'auth'> & Partial<Pick<Operation, 'responses'>>,
  request: PlainRequest,
  options: SendOptions,
): Promise<Response> {
  const { method, url, headers, body } = await identified(auth, request, options);
  const { signal } = options;
  const redirects = Object.keys(responses).some((status) => status.startsWith('3'));
  return (options.fetch ?? fetch)(url, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    // A redirect that the contract declares is the response; browsers hide its status.
    ...(redirects && { redirect: 'manual' as const }),
    ...(signal && { signal }),
  });
}

async function identified(auth: Operation['auth'], request: PlainRequest, access: Access): Promise<PlainRequest> {
  if (auth === 'apiKey' && access.apiKey !== undefined) {
    return { ...request, headers: { ...request.headers, 'x-api-key': access.apiKey } };
  }
  if ((auth === 'jwt' || auth === 'authorizer') && access.token !== undefined) {
    const token = typeof access.token === 'function' ? await access.token() : access.token;
    return { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } };
  }
  if (auth !== 'iam' || access.credentials === undefined) return request;
  const { credentials, region } = access;
  if (region === undefined) throw new Error('Signing needs the AWS region of the gateway: give createClient a region.');
  const { signRequest } = await import('./sign-request.ts');
  return signRequest(request, {
    credentials: typeof credentials === 'function' ? await credentials() : credentials,
    region,
  });
}
