import type { RequestTemplateChoice } from './content-templates.ts';
import { configurationFault } from './fault.ts';
import type { Integration } from './integration.ts';
import type { IntegrationResponses } from './integration-responses.ts';
import { renderRequest } from './render-request.ts';

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
