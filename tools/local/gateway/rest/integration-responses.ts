import { readBodyPath } from '#local/gateway/body-path.ts';
import { type HttpResponse, isValidHeader } from '#local/http/response.ts';
import type { RestMethod } from '#local/model/api-model.ts';
import { compileSelectionPattern } from '#local/vtl/java/pattern.ts';
import type { CompileTemplate, OverrideValues } from '#local/vtl/template-context.ts';
import { compileResponseTemplates, type ResponseTemplate, templateInput } from './content-templates.ts';
import type { Exchange } from './exchange.ts';
import { configurationFault, type Fault } from './fault.ts';
import { compileMappedValue } from './parameter-mapping.ts';

/** What an integration returned: its body as text, and the value that selection patterns are matched against. */
export interface IntegrationResult {
  readonly body: string;
  /** A function's `errorMessage`, or `''`; a mock's status. */
  readonly selection: string;
}

export type IntegrationResponses = (exchange: Exchange, result: IntegrationResult) => Fault | HttpResponse;

interface CompiledResponse {
  readonly status: number;
  readonly template: (accept: string | undefined) => ResponseTemplate;
  readonly headers: readonly (readonly [
    name: string,
    value: (exchange: Exchange, body: string) => string | undefined,
  ])[];
}

const HEADER_PREFIX = 'method.response.header.';
const BODY_PREFIX = 'integration.response.body';

/**
 * Compiles a method's integration responses: the first pattern that matches, by ascending status, else the one without a pattern.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up an integration response in API Gateway".
 *
 * @param warn - told of patterns that JavaScript can't express; they never match
 */
export function compileIntegrationResponses(
  method: RestMethod,
  compile: CompileTemplate,
  warn: (message: string) => void,
): IntegrationResponses {
  const selected: { readonly pattern: RegExp; readonly response: CompiledResponse }[] = [];
  let fallback: CompiledResponse | undefined;
  const byStatus = method.integrationResponses.toSorted((a, b) => Number(a.statusCode) - Number(b.statusCode));
  for (const { statusCode, selectionPattern, responseTemplates, responseParameters } of byStatus) {
    const response: CompiledResponse = {
      status: Number(statusCode),
      template: compileResponseTemplates(responseTemplates, compile),
      headers: compileHeaders(responseParameters),
    };
    if (!selectionPattern) {
      fallback ??= response;
      continue;
    }
    const pattern = compileSelectionPattern(selectionPattern);
    if (pattern) selected.push({ pattern, response });
    else {
      const route = `${method.httpMethod} ${method.resourcePath}`;
      warn(
        `${route}: the selection pattern "${selectionPattern}" (status ${statusCode}) can't be run here and never matches.`,
      );
    }
  }
  return (exchange, { body, selection }) => {
    const response = selected.find(({ pattern }) => pattern.test(selection))?.response ?? fallback;
    if (!response)
      return configurationFault('no integration response matches, and there is none without a selection pattern');
    const { contentType, render } = response.template(exchange.request.headers.accept);
    const output = render?.(templateInput(exchange, body));
    const override = output?.responseOverride ?? exchange.overrides.responseOverride ?? {};
    const headers = headersOf(response, exchange, body, override.header);
    if (!headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-type')) {
      headers.push('Content-Type', contentType);
    }
    return {
      status: override.status !== undefined && isStatus(override.status) ? override.status : response.status,
      headers,
      body: output ? output.text : body,
    };
  };
}

function compileHeaders(parameters: Readonly<Record<string, string>>): CompiledResponse['headers'] {
  return Object.entries(parameters)
    .filter(([target]) => target.startsWith(HEADER_PREFIX))
    .map(([target, expression]) => {
      const name = target.slice(HEADER_PREFIX.length);
      if (!expression.startsWith(BODY_PREFIX))
        return [name, compileMappedValue(expression) ?? (() => undefined)] as const;
      const path = expression.slice(BODY_PREFIX.length);
      return [name, (_: Exchange, body: string) => readBodyPath(body, path)] as const;
    });
}

function headersOf(
  { headers: mapped }: CompiledResponse,
  exchange: Exchange,
  body: string,
  override: OverrideValues = {},
): string[] {
  const overridden = new Set(Object.keys(override).map((name) => name.toLowerCase()));
  const headers: string[] = [];
  for (const [name, value] of mapped) {
    const text = overridden.has(name.toLowerCase()) ? undefined : value(exchange, body);
    if (text !== undefined && isValidHeader(name, text)) headers.push(name, text);
  }
  for (const [name, values] of Object.entries(override))
    for (const text of [values].flat()) if (isValidHeader(name, text)) headers.push(name, text);
  return headers;
}

/** An override that isn't a status leaves the mapped one. */
function isStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}
