import { mapOrNull, quote, quoteOrNull } from '../json-text.ts';
import { formatRequestTime } from '../request-time.ts';
import type { StageFacts } from '../stage-facts.ts';
import { domainPrefix } from '../stage-picker.ts';
import { contextPath, resourceId } from './context-variables.ts';
import type { Exchange } from './exchange.ts';
import { forwardedHeaders } from './forwarded-headers.ts';

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
      `,"domainName":${quote(domainName)},${deployment}}`;
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
