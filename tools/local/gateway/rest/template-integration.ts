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
    const payload = toPayload(rendered);
    if (payload === undefined) return notJson(template);
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
