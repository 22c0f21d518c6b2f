import { exceedsLambdaPayload } from '../limits.ts';
import type { RenderTemplate, RequestTemplateChoice } from './content-templates.ts';
import type { Fault } from './fault.ts';
import type { Integration } from './integration.ts';
import type { IntegrationResponses } from './integration-responses.ts';
import { toIntegrationResult } from './invocation-outcome.ts';
import type { InvokeTarget } from './lambda-invocation.ts';
import { PAYLOAD_TOO_LARGE } from './proxy-integration.ts';
import { renderRequest, UNPARSABLE } from './render-request.ts';

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
    const payload = rendered.trim() === '' ? '{}' : rendered;
    if (!isJson(payload)) return notJson(template);
    if (exceedsLambdaPayload(payload)) return PAYLOAD_TOO_LARGE;
    const invocation = await invoke(exchange, payload);
    if ('responseType' in invocation) return invocation;
    return respond(exchange, toIntegrationResult(invocation));
  };
}

/** Lambda refuses what isn't JSON: the client's mistake where its body is passed through, else most often an unescaped value. */
function notJson(template: RenderTemplate | undefined): Fault {
  if (!template) return UNPARSABLE;
  return { ...UNPARSABLE, integrationError: 'the request template rendered something that is not JSON' };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
