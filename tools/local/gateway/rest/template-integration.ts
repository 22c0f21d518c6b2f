import { exceedsPayload } from '#functions/lambda-payload.ts';
import type { Invocation, InvocationType, InvokeTarget } from '#local/gateway/lambda-invocation.ts';
import type { RestIntegration } from '#local/model/api-model.ts';
import { TEMPLATE_INPUT_ERROR } from '#local/vtl/template-context.ts';
import { type RenderTemplate, type RequestTemplateChoice, templateInput } from './content-templates.ts';
import type { Exchange, Integration } from './exchange.ts';
import { configurationFault, type Fault, notInvoked } from './fault.ts';
import type { IntegrationResponses, IntegrationResult } from './integration-responses.ts';
import { compileMappedValue } from './parameter-mapping.ts';
import { PAYLOAD_TOO_LARGE } from './proxy-integration.ts';

/** A body that isn't JSON where it has to be. */
const UNPARSABLE: Fault = {
  responseType: 'DEFAULT_4XX',
  status: 400,
  message: 'Could not parse request body into json',
};

/**
 * Lambda integration with mapping templates (`AWS`).
 *
 * Source: Amazon API Gateway Developer Guide, "Set up Lambda custom integrations in API Gateway".
 */
export function createTemplateIntegration(
  invoke: InvokeTarget,
  chooseTemplate: RequestTemplateChoice,
  respond: IntegrationResponses,
  { requestParameters }: Pick<RestIntegration, 'requestParameters'>,
): Integration {
  const invocationType = compileInvocationType(requestParameters);
  return async (exchange) => {
    const template = chooseTemplate(exchange.request.headers['content-type']);
    const rendered = renderRequest(exchange, template);
    if (typeof rendered !== 'string') return rendered;
    const payload = toPayload(rendered);
    if (payload === undefined) return notJson(template);
    if (exceedsPayload(payload)) return PAYLOAD_TOO_LARGE;
    const type = invocationType(exchange);
    const invocation = await invoke(exchange, payload, type);
    if ('cause' in invocation) return notInvoked(invocation);
    if (type !== 'RequestResponse') return respond(exchange, { body: '', selection: '' });
    return respond(exchange, toIntegrationResult(invocation));
  };
}

const TYPE_HEADER = 'x-amz-invocation-type';

/**
 * What `integration.request.header.X-Amz-Invocation-Type` says, or the request template's override of it. No other header, path or query
 * parameter of the integration's request changes what a function gets.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up asynchronous invocation of the backend Lambda function".
 */
function compileInvocationType(parameters: Readonly<Record<string, string>>): (exchange: Exchange) => InvocationType {
  const [, expression] =
    Object.entries(parameters).find(([name]) => name.toLowerCase() === `integration.request.header.${TYPE_HEADER}`) ??
    [];
  const mapped = expression === undefined ? undefined : compileMappedValue(expression);
  return (exchange) => {
    const { header = {} } = exchange.overrides.requestOverride ?? {};
    const [, override] = Object.entries(header).find(([name]) => name.toLowerCase() === TYPE_HEADER) ?? [];
    const type = override === undefined ? mapped?.(exchange) : [override].flat()[0];
    return type === 'Event' || type === 'DryRun' ? type : 'RequestResponse';
  };
}

/** Lambda refuses what isn't JSON: the client's mistake where its body is passed through, else most often an unescaped value. */
function notJson(template: RenderTemplate | undefined): Fault {
  if (!template) return UNPARSABLE;
  return { ...UNPARSABLE, integrationError: 'the request template rendered something that is not JSON' };
}

/** JSON in one line: within its strings a line end is escaped, between its tokens it is as good as a space. */
function toPayload(text: string): string | undefined {
  if (text.trim() === '') return '{}';
  try {
    JSON.parse(text);
    return text.replaceAll('\n', ' ');
  } catch {
    return undefined;
  }
}

/** As Lambda's Invoke responds: the function's value, or a description of its error, which selection patterns see. */
function toIntegrationResult({ result }: Invocation): IntegrationResult {
  if (result.ok) {
    return { body: JSON.stringify(result.payload) ?? 'null', selection: errorMessageOf(result.payload) };
  }
  const error = describeError(result);
  return { body: JSON.stringify(error), selection: error.errorMessage };
}

function describeError(result: Exclude<Invocation['result'], { ok: true }>) {
  if (result.kind === 'timeout') return { errorMessage: result.errorMessage, errorType: 'Sandbox.Timedout' };
  if (result.kind === 'crash') return { errorMessage: result.message, errorType: 'Runtime.ExitError' };
  const { errorMessage, errorType, trace } = result;
  return { errorMessage, errorType, ...(trace && { trace }) };
}

function errorMessageOf(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || !('errorMessage' in payload)) return '';
  return typeof payload.errorMessage === 'string' ? payload.errorMessage : '';
}

/**
 * A `MOCK` integration: its request template renders `{"statusCode": …}`, which the integration responses are selected by.
 *
 * Source: Amazon API Gateway Developer Guide, "Mock integrations for REST APIs in API Gateway".
 */
export function createMockIntegration(
  chooseTemplate: RequestTemplateChoice,
  respond: IntegrationResponses,
): Integration {
  return async (exchange) => {
    const template = chooseTemplate(exchange.request.headers['content-type']);
    const rendered = renderRequest(exchange, template);
    if (typeof rendered !== 'string') return rendered;
    const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(rendered)?.[1];
    if (status === undefined) return configurationFault('the MOCK integration rendered no statusCode');
    exchange.integration = { status: Number(status), latency: 0 };
    return respond(exchange, { body: '', selection: status });
  };
}

/** What an integration is sent: the body as it came, or what the template makes of it. */
function renderRequest(exchange: Exchange, template: RenderTemplate | undefined): Fault | string {
  const body = exchange.body.toString();
  if (!template) return body;
  try {
    const { text, ...overrides } = template(templateInput(exchange, body));
    exchange.overrides = overrides;
    return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && error.name === TEMPLATE_INPUT_ERROR)
      return { ...UNPARSABLE, integrationError: reason };
    return configurationFault(`the request template failed: ${reason}`);
  }
}
