import { mapOrNull, quote, quoteOrNull } from '#local/gateway/context-variables.ts';
import { formatRequestTime } from '#local/gateway/request-id.ts';
import { domainPrefix, type StageFacts } from '#local/gateway/stage-picker.ts';
import { isForwarded, lowerCaseName } from '#local/http/raw-headers.ts';
import { contextPath, resourceId } from './context-variables.ts';
import type { Exchange } from './exchange.ts';

/** Headers that the gateway writes itself. */
const REPLACED = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

/** Makes the event of a request, as JSON. `isBinary`: the body is passed in base64. */
export type ProxyEvent = (exchange: Exchange, isBinary: boolean) => string;

/**
 * Compiles the event that a function gets through Lambda proxy integration, payload format 1.0. Path and path parameters stay
 * percent-encoded, query parameters are decoded, as REST APIs have it. It is written as text, with all that is the same for each request
 * written once: serializing an object would be the larger part of the gateway's own work.
 *
 * Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway", input format.
 */
export function compileProxyEvent(facts: StageFacts, resourcePath: string): ProxyEvent {
  const resource = quote(resourcePath);
  const stageVariables = mapOrNull(facts.variables);
  const ofResource = `"resourceId":${quote(resourceId(resourcePath))},"resourcePath":${resource}`;
  const ofStage = `"accountId":${quote(facts.accountId)},"stage":${quote(facts.stage)},"apiId":${quote(facts.apiId)}`;
  const deployment = `"deploymentId":${quote(facts.deploymentId)}`;
  return (exchange, isBinary) => {
    const { entrance, request, query, body, pathParameters, startedAt } = exchange;
    const { domainName } = entrance;
    const method = `"httpMethod":${quote(request.method)}`;
    const { single, multi } = forwardedHeaders(exchange);
    const context =
      `{${ofResource},${method},"extendedRequestId":"${exchange.extendedRequestId}"` +
      `,"requestTime":"${formatRequestTime(startedAt)}","path":${quote(contextPath(exchange))}` +
      `,${ofStage},"protocol":"${request.protocol}","domainPrefix":${quote(domainPrefix(domainName))}` +
      `,"requestTimeEpoch":${startedAt},"requestId":"${exchange.requestId}","identity":${identityOf(exchange)}` +
      `,"domainName":${quote(domainName)},${deployment}${exchange.authorizer ? `,"authorizer":${JSON.stringify(exchange.authorizer)}` : ''}}`;
    return (
      `{"resource":${resource},"path":${quote(entrance.basePath + entrance.path)},${method}` +
      `,"headers":${single},"multiValueHeaders":${multi}` +
      `,"queryStringParameters":${mapOrNull(query.single)},"multiValueQueryStringParameters":${mapOrNull(query.multi)}` +
      `,"pathParameters":${mapOrNull(pathParameters)},"stageVariables":${stageVariables},"requestContext":${context}` +
      `,"body":${body.length === 0 ? 'null' : JSON.stringify(body.toString(isBinary ? 'base64' : 'utf8'))}` +
      `,"isBase64Encoded":${body.length > 0 && isBinary}}`
    );
  };
}

const NO_COGNITO =
  '"cognitoIdentityPoolId":null,"cognitoIdentityId":null,"cognitoAuthenticationType":null,"cognitoAuthenticationProvider":null';

function identityOf({ request, identity, apiKey }: Exchange): string {
  const user = quoteOrNull(identity?.user);
  const key = apiKey ? `,"apiKey":${quote(apiKey.value)},"apiKeyId":${quote(apiKey.id)}` : '';
  return (
    `{${NO_COGNITO},"accountId":${quoteOrNull(identity?.accountId)},"caller":${user},"sourceIp":"${request.sourceIp}"` +
    `,"principalOrgId":null,"accessKey":${quoteOrNull(identity?.accessKey)},"userArn":${quoteOrNull(identity?.userArn)}` +
    `,"userAgent":${quoteOrNull(request.headers['user-agent'])},"user":${user}${key}}`
  );
}

/**
 * A request's headers with those that the gateway adds, as the JSON that a proxy event has of them: `single` with the last value of each name,
 * `multi` with every value. Names have the client's capitals.
 */
function forwardedHeaders({ request, identity, traceId }: Exchange): {
  readonly single: string;
  readonly multi: string;
} {
  const { rawHeaders, headers, sourceIp, port } = request;
  const valuesOf = new Map<string, string[]>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const lower = lowerCaseName(name);
    if (!isForwarded(lower) || REPLACED.has(lower)) continue;
    const sent = rawHeaders[at + 1] ?? '';
    // Of the same table: a signature is for the gateway alone.
    if (lower === 'authorization' && (identity || sent.startsWith('AWS4-HMAC-SHA256'))) continue;
    const value = quote(sent);
    const values = valuesOf.get(name);
    if (values) values.push(value);
    else valuesOf.set(name, [value]);
  }
  const before = headers['x-forwarded-for']?.toString();
  valuesOf.set('X-Amzn-Trace-Id', [`"Root=${traceId}"`]);
  valuesOf.set('X-Forwarded-For', [quote(before ? `${before}, ${sourceIp}` : sourceIp)]);
  valuesOf.set('X-Forwarded-Port', [`"${port}"`]);
  valuesOf.set('X-Forwarded-Proto', ['"http"']);
  let single = '';
  let multi = '';
  for (const [name, values] of valuesOf) {
    const key = `${single === '' ? '{' : ','}${quote(name)}:`;
    single += `${key}${values[values.length - 1]}`;
    multi += `${key}[${values.join()}]`;
  }
  return { single: `${single}}`, multi: `${multi}}` };
}
