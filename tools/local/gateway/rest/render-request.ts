import { type RenderTemplate, templateInput } from './content-templates.ts';
import type { Exchange } from './exchange.ts';
import { configurationFault, type Fault } from './fault.ts';
import { TEMPLATE_INPUT_ERROR } from './ports.ts';

/** A body that isn't JSON where it has to be. */
export const UNPARSABLE: Fault = {
  responseType: 'DEFAULT_4XX',
  status: 400,
  message: 'Could not parse request body into json',
};

/** What an integration is sent: the body as it came, or what the template makes of it. */
export function renderRequest(exchange: Exchange, template: RenderTemplate | undefined): Fault | string {
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
