import type { IncomingHttpHeaders } from 'node:http';
import { ACCOUNT_ID } from '../aws-endpoint/account.ts';
import type { AuthorizeIam, IamDecision } from '../gateway/authorize-iam.ts';
import type { Authorizer } from './authorizer.ts';
import { createRefusal, type RefusalCause } from './refusal.ts';

type Denial = Extract<IamDecision, { allowed: false }>;

/** `AWS_IAM` authorization of API Gateway's routes: the action is `execute-api:Invoke`. */
export function createInvokeAuthorizer(authorizer: Authorizer): AuthorizeIam {
  return ({ method, target, rawHeaders, body, region, resource }) => {
    const request = {
      service: 'execute-api',
      region,
      action: 'execute-api:Invoke',
      resources: [resource],
      headers: joinHeaders(rawHeaders),
      method,
      url: target,
      body,
    };
    const identity = authorizer.authenticate(request);
    if (!('credentials' in identity)) return deny(identity);
    const cause = authorizer.decide(identity, request);
    if (cause) return deny(cause);
    const { arn, userId, credentials } = identity;
    return {
      allowed: true,
      identity: { accountId: ACCOUNT_ID, accessKey: credentials.accessKeyId, userArn: arn, user: userId },
    };
  };
}

function deny(cause: RefusalCause): Denial {
  return { allowed: false, responseType: responseType(cause), message: createRefusal('execute-api', cause).message };
}

/** Source: Amazon API Gateway Developer Guide, "Gateway response types for API Gateway". */
function responseType({ kind }: RefusalCause): Denial['responseType'] {
  if (kind === 'unsigned') return 'MISSING_AUTHENTICATION_TOKEN';
  return kind === 'denied' ? 'ACCESS_DENIED' : 'INVALID_SIGNATURE';
}

/** Values of one name joined by a comma, as they are signed. */
function joinHeaders(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    const value = rawHeaders[at + 1] ?? '';
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
  }
  return headers;
}
