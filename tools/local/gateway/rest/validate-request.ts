import { toHeaderMaps } from '../../http/raw-headers.ts';
import type { RestApi, RestMethod } from '../../model/model.ts';
import { createRequestValidator } from '../validation/request-validator.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';

export type RequestValidation = (exchange: Exchange) => Fault | undefined;

const NO_VALIDATION: RequestValidation = () => undefined;
const NO_HEADERS = {};

/**
 * Compiles what a method asks of its requests: its validator's checks, and that its integration takes the content type.
 *
 * @throws Error when a model of the method is missing or isn't a JSON Schema
 */
export function compileRequestValidation(method: RestMethod, models: RestApi['models']): RequestValidation {
  const { requestValidator, integration } = method;
  if (!requestValidator && integration.type === 'AWS_PROXY') return NO_VALIDATION;
  const validate = createRequestValidator({ method, models });
  return ({ request, pathParameters, query, body }) => {
    const header = requestValidator?.parameters ? toHeaderMaps(request.rawHeaders).single : NO_HEADERS;
    const result = validate({
      parameters: { path: pathParameters, querystring: query.single, header },
      contentType: request.headers['content-type'],
      body: body.toString(),
    });
    if (result.ok) return undefined;
    return { responseType: result.type, message: result.message, validationErrors: result.validationErrorString };
  };
}
