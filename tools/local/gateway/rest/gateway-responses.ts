import { compileVariableText, type Variable } from '#local/gateway/access-log.ts';
import { escapeJson } from '#local/gateway/context-variables.ts';
import { mediaType } from '#local/http/raw-headers.ts';
import { type HttpResponse, isValidHeader } from '#local/http/response.ts';
import type { GatewayResponse } from '#local/model/api-model.ts';
import type { Exchange } from './exchange.ts';
import { type Fault, RESPONSE_TYPES, type ResponseType } from './fault.ts';
import { compileMappedValue, type MappedValue } from './parameter-mapping.ts';

const DEFAULT_TEMPLATES = { 'application/json': '{"message":$context.error.messageString}' };
const VARIABLE =
  /\$((?:context|stageVariables|method\.request\.(?:header|path|querystring))\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)/g;
const HEADER_PREFIX = 'gatewayresponse.header.';

interface CompiledResponse {
  readonly status: number | undefined;
  readonly templates: ReadonlyMap<string, Variable<Exchange>>;
  readonly headers: readonly (readonly [name: string, value: MappedValue])[];
}

/**
 * Compiles an API's gateway responses: the type's own, else `DEFAULT_4XX` or `DEFAULT_5XX` of the API, else AWS's. Templates know variables
 * only, no directives; in JSON a variable is escaped for its place between quotes (`error.messageString` brings its own).
 *
 * Source: Amazon API Gateway Developer Guide, "Gateway responses for REST APIs in API Gateway".
 *
 * @returns the response to a fault
 */
export function compileGatewayResponses(
  models: readonly GatewayResponse[],
): (exchange: Exchange, fault: Fault) => HttpResponse {
  const declared = new Map(models.map((model) => [model.responseType, compileResponse(model)]));
  const builtIn = compileResponse({ responseType: '', responseTemplates: {}, responseParameters: {} });
  const responseTo = (type: ResponseType) =>
    declared.get(type) ?? declared.get(RESPONSE_TYPES[type].status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX') ?? builtIn;
  return (exchange, fault) => {
    const type = RESPONSE_TYPES[fault.responseType];
    const { status, templates, headers: mapped } = responseTo(fault.responseType);
    const [contentType, render] = chooseTemplate(templates, exchange.request.headers.accept);
    const headers = ['Content-Type', contentType, 'x-amzn-ErrorType', fault.errorType ?? type.errorType];
    for (const [name, value] of mapped) {
      const text = value(exchange);
      if (text !== undefined && isValidHeader(name, text)) headers.push(name, text);
    }
    exchange.status = status ?? fault.status ?? type.status;
    return { status: exchange.status, headers, body: render(exchange) };
  };
}

function compileResponse({ statusCode, responseTemplates, responseParameters }: GatewayResponse): CompiledResponse {
  const templates = Object.keys(responseTemplates).length > 0 ? responseTemplates : DEFAULT_TEMPLATES;
  const headers: [string, MappedValue][] = [];
  for (const [target, expression] of Object.entries(responseParameters)) {
    const value = compileMappedValue(expression);
    if (value && target.startsWith(HEADER_PREFIX)) headers.push([target.slice(HEADER_PREFIX.length), value]);
  }
  return {
    status: statusCode === undefined || statusCode === '' ? undefined : Number(statusCode),
    templates: new Map(Object.entries(templates).map(([type, source]) => [type, compileTemplate(type, source)])),
    headers,
  };
}

function compileTemplate(contentType: string, source: string): Variable<Exchange> {
  const escapeValue = contentType.includes('json') ? escapeJson : (text: string) => text;
  return compileVariableText<Exchange>(source, VARIABLE, (name) => {
    const value = compileMappedValue(name);
    if (!value) return () => '';
    if (name === 'context.error.messageString') return (exchange) => value(exchange) ?? '';
    return (exchange) => escapeValue(value(exchange) ?? '');
  });
}

function chooseTemplate(
  templates: ReadonlyMap<string, Variable<Exchange>>,
  accept: string | undefined,
): readonly [string, Variable<Exchange>] {
  if (accept !== undefined) {
    const asked = mediaType(accept.split(',', 1)[0] ?? '');
    const template = templates.get(asked);
    if (template) return [asked, template];
  }
  const json = templates.get('application/json');
  if (json) return ['application/json', json];
  for (const first of templates) return first;
  return ['application/json', () => ''];
}
