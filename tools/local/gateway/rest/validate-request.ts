import type { RestApi, RestMethod } from '../../model/model.ts';
import { mediaType } from '../media-type.ts';
import { getOwn } from '../string-map.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';
import { compileMappedValue } from './parameter-mapping.ts';
import type { CompileModel } from './ports.ts';

export type RequestValidation = (exchange: Exchange) => Fault | undefined;

/**
 * Compiles a method's request validator. Parameters are checked before the body; required ones must be there and not be empty.
 *
 * Source: Amazon API Gateway Developer Guide, "Request validation for REST APIs in API Gateway".
 */
export function compileRequestValidation(
  method: RestMethod,
  models: RestApi['models'],
  compileModel: CompileModel,
): RequestValidation {
  const parameters = method.requestValidator?.parameters ? compileParameters(method) : undefined;
  const body = method.requestValidator?.body ? compileBody(method, models, compileModel) : undefined;
  return (exchange) => parameters?.(exchange) ?? body?.(exchange);
}

function compileParameters({ requestParameters }: RestMethod): RequestValidation {
  const required = Object.entries(requestParameters)
    .filter(([, isRequired]) => isRequired)
    .map(([source]) => ({ name: source.split('.').slice(3).join('.'), value: compileMappedValue(source) }));
  return (exchange) => {
    const missing = required.filter(({ value }) => !value?.(exchange)).map(({ name }) => name);
    if (missing.length === 0) return undefined;
    const message = `Missing required request parameters: [${missing.join(', ')}]`;
    return { responseType: 'BAD_REQUEST_PARAMETERS', message, validationErrors: message };
  };
}

function compileBody(
  { requestModels }: RestMethod,
  models: RestApi['models'],
  compileModel: CompileModel,
): RequestValidation {
  const validators: Record<string, ReturnType<CompileModel>> = {};
  for (const [contentType, model] of Object.entries(requestModels)) {
    const schema = getOwn(models, model);
    if (schema !== undefined) validators[contentType.toLowerCase()] = compileModel(schema, models);
  }
  return ({ request, body }) => {
    // A client that doesn't say what it sends is taken to send JSON; a type without a model isn't validated.
    const validator =
      getOwn(validators, mediaType(request.headers['content-type'] ?? 'application/json')) ?? validators.$default;
    if (!validator) return undefined;
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.toString());
    } catch {
      return invalidBody(['Invalid JSON']);
    }
    const violations = validator(parsed);
    return violations.length > 0 ? invalidBody(violations) : undefined;
  };
}

function invalidBody(violations: readonly string[]): Fault {
  return {
    responseType: 'BAD_REQUEST_BODY',
    message: 'Invalid request body',
    validationErrors: `[${violations.join(', ')}]`,
  };
}
