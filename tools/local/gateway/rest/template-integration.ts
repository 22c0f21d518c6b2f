import { exceedsLambdaPayload } from '../limits.ts';
import { type RenderTemplate, type RequestTemplateChoice, templateInput } from './content-templates.ts';
import type { Exchange } from './exchange.ts';
import { configurationFault, type Fault } from './fault.ts';
import type { Integration } from './integration.ts';
import type { IntegrationResponses } from './integration-responses.ts';
import type { Invocation, InvokeTarget } from './lambda-invocation.ts';
import { TEMPLATE_INPUT_ERROR } from './ports.ts';
import { PAYLOAD_TOO_LARGE } from './proxy-integration.ts';

/**
 * Lambda integration with mapping templates (`AWS`).
 *
 * Source: Amazon API Gateway Developer Guide, "Set up Lambda custom integrations in API Gateway".
 */
export function createTemplateIntegration(
  invoke: InvokeTarget,
  chooseTemplate: RequestTemplateChoice,
  respond: IntegrationResponses,
): Integration {
  return async (exchange) => {
    const template = chooseTemplate(exchange.request.headers['content-type']);
    const rendered = renderRequest(exchange, template);
    if (typeof rendered !== 'string') return rendered;
    const payload = parsePayload(rendered);
    if (payload === undefined) return notJson(template);
    if (exceedsLambdaPayload(payload.value, rendered)) return PAYLOAD_TOO_LARGE;
    const invocation = await invoke(exchange, payload.value);
    if ('responseType' in invocation) return invocation;
    return respond(exchange, toIntegrationResult(invocation));
  };
}

/** A MOCK integration: its request template renders `{"statusCode": …}`, which the integration responses are selected by. */
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

function renderRequest(exchange: Exchange, template: RenderTemplate | undefined): Fault | string {
  const body = exchange.body.toString();
  if (!template) return body;
  try {
    return template(templateInput(exchange, body)).text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && error.name === TEMPLATE_INPUT_ERROR)
      return { ...UNPARSABLE, integrationError: reason };
    return configurationFault(`the request template failed: ${reason}`);
  }
}

const UNPARSABLE: Fault = {
  responseType: 'DEFAULT_4XX',
  status: 400,
  message: 'Could not parse request body into json',
};

/** Lambda refuses what isn't JSON: the client's mistake where its body is passed through, else most often an unescaped value. */
function notJson(template: RenderTemplate | undefined): Fault {
  if (!template) return UNPARSABLE;
  return { ...UNPARSABLE, integrationError: 'the request template rendered something that is not JSON' };
}

function parsePayload(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** As Lambda's Invoke answers: the function's value, or a description of its error, which selection patterns see. */
function toIntegrationResult({ result }: Invocation) {
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
