import { describeExcess } from '#functions/http/json-extent.ts';
import { mediaType } from '#local/http/raw-headers.ts';
import type { RestIntegration, RestMethod } from '#local/model/api-model.ts';
import { type CompiledModel, compileModel } from './compile-model.ts';

/** Names and values as the client sent them. */
interface RequestParameters {
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly querystring: Readonly<Record<string, string | undefined>>;
  /** Names in any case. */
  readonly header: Readonly<Record<string, string | undefined>>;
}

type Lookup = (parameters: RequestParameters) => string | undefined;

interface ValidatedRequest {
  readonly parameters: RequestParameters;
  /** The `Content-Type` header; absent: `application/json`. */
  readonly contentType?: string | undefined;
  readonly body: string;
}

export type RequestValidation =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** The gateway response that is sent. */
      readonly type: 'BAD_REQUEST_PARAMETERS' | 'BAD_REQUEST_BODY' | 'UNSUPPORTED_MEDIA_TYPE';
      /** `$context.error.message`. */
      readonly message: string;
      /** `$context.error.validationErrorString`. */
      readonly validationErrorString: string;
    };

export interface RequestValidatorProps {
  readonly method: Pick<RestMethod, 'integration' | 'requestModels' | 'requestParameters' | 'requestValidator'>;
  /** The API's models by name: JSON Schema, draft 4. */
  readonly models: Readonly<Record<string, unknown>>;
}

const VALID: RequestValidation = { ok: true };
const BAD_BODY = { ok: false, type: 'BAD_REQUEST_BODY', message: 'Invalid request body' } as const;
const UNSUPPORTED: RequestValidation = {
  ok: false,
  type: 'UNSUPPORTED_MEDIA_TYPE',
  message: 'Unsupported Media Type',
  validationErrorString: '[no mapping template for the content type]',
};

/**
 * Checks a request as a method's request validator does: parameters first, then the body against the content type's model, then whether
 * the integration takes the content type. A body without a model for its content type isn't checked.
 *
 * Source: Amazon API Gateway Developer Guide, "Request validation for REST APIs in API Gateway" and "Method request behavior for payloads
 * without mapping templates".
 *
 * @throws Error when a model is missing or isn't a JSON Schema, naming it
 */
export function createRequestValidator({
  method,
  models,
}: RequestValidatorProps): (request: ValidatedRequest) => RequestValidation {
  const findMissing = method.requestValidator?.parameters
    ? compileRequiredParameters(method.requestParameters)
    : undefined;
  const bodyModels = method.requestValidator?.body ? compileRequestModels(method.requestModels, models) : undefined;
  return ({ parameters, contentType = 'application/json', body }) => {
    const missing = findMissing?.(parameters) ?? [];
    if (missing.length > 0) return missingParameters(missing);
    const model = bodyModels && selectByContentType(bodyModels, contentType);
    // A mapping template parses the body, too.
    const excess = model || method.integration.type !== 'AWS_PROXY' ? describeExcess(body) : undefined;
    if (excess !== undefined) return { ...BAD_BODY, validationErrorString: `[${excess}]` };
    const violations = model ? validateBody(model, body) : [];
    if (violations.length > 0) return { ...BAD_BODY, validationErrorString: `[${violations.join(', ')}]` };
    return isMediaTypeSupported(method.integration, contentType) ? VALID : UNSUPPORTED;
  };
}

function compileRequestModels(
  requestModels: Readonly<Record<string, string>>,
  models: Readonly<Record<string, unknown>>,
): Readonly<Record<string, CompiledModel>> {
  // `Empty` comes with every API and accepts everything.
  const named = Object.entries(requestModels).filter(([, name]) => name !== 'Empty' || name in models);
  return Object.fromEntries(
    named.map(([contentType, name]) => {
      if (Object.hasOwn(models, name)) return [contentType, compiledModel(name, models)];
      throw new Error(
        `The request model ${name} for ${contentType} doesn't exist. The API has: ${Object.keys(models).join(', ')}.`,
      );
    }),
  );
}

/** Every stage of an API validates by the same models, and compiling one takes tens of milliseconds. */
const compiledModels = new WeakMap<object, Map<string, CompiledModel>>();

function compiledModel(name: string, models: Readonly<Record<string, unknown>>): CompiledModel {
  const ofApi = compiledModels.get(models) ?? new Map<string, CompiledModel>();
  compiledModels.set(models, ofApi);
  const compiled = ofApi.get(name) ?? compileModel(models[name], models);
  ofApi.set(name, compiled);
  return compiled;
}

function missingParameters(names: readonly string[]): RequestValidation {
  return {
    ok: false,
    type: 'BAD_REQUEST_PARAMETERS',
    message: `Missing required request parameters: [${names.join(', ')}]`,
    validationErrorString: `[${names.join(', ')}]`,
  };
}

/** An empty body is checked as `{}`. */
function validateBody(model: CompiledModel, body: string): readonly string[] {
  let parsed: unknown;
  try {
    parsed = body.trim() === '' ? {} : JSON.parse(body);
  } catch (error) {
    return [`Unable to parse the request body as JSON: ${error instanceof Error ? error.message : String(error)}`];
  }
  return model(parsed);
}

/** The entry for a `Content-Type`, its parameters left aside, or else the one for `$default`. */
export function selectByContentType<T>(entries: Readonly<Record<string, T>>, contentType: string): T | undefined {
  const sought = mediaType(contentType);
  const key = Object.keys(entries).find((candidate) => mediaType(candidate) === sought) ?? '$default';
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/**
 * Whether an integration takes a content type that it has no mapping template for.
 *
 * Source: Amazon API Gateway Developer Guide, "Method request behavior for payloads without mapping templates".
 */
function isMediaTypeSupported(
  {
    type,
    passthroughBehavior,
    requestTemplates,
  }: Pick<RestIntegration, 'type' | 'passthroughBehavior' | 'requestTemplates'>,
  contentType: string,
): boolean {
  if (type === 'AWS_PROXY' || passthroughBehavior === 'WHEN_NO_MATCH') return true;
  if (selectByContentType(requestTemplates, contentType) !== undefined) return true;
  return passthroughBehavior === 'WHEN_NO_TEMPLATES' && Object.keys(requestTemplates).length === 0;
}

/**
 * Compiles a method's request parameters: `method.request.querystring.name` → required.
 *
 * Source: Amazon API Gateway Developer Guide, "Request validation for REST APIs in API Gateway": required ones must be there and not blank.
 *
 * @returns the names that a request lacks, in the order of their declaration
 * @throws Error for a name that isn't a request parameter's
 */
function compileRequiredParameters(
  requestParameters: Readonly<Record<string, boolean>>,
): (parameters: RequestParameters) => readonly string[] {
  const required = Object.keys(requestParameters)
    .filter((key) => requestParameters[key])
    .map(compileLookup);
  return (parameters) => required.filter(({ lookup }) => !lookup(parameters)?.trim()).map(({ name }) => name);
}

function compileLookup(key: string): { readonly name: string; readonly lookup: Lookup } {
  const [, place, name] =
    /^method\.request\.(path|(?:multivalue)?querystring|(?:multivalue)?header)\.(.+)$/.exec(key) ?? [];
  if (place === undefined || name === undefined) {
    throw new Error(`Not a request parameter: ${key}. Allowed: method.request.path|querystring|header.<name>.`);
  }
  if (place === 'path') return { name, lookup: ({ path }) => own(path, name) };
  if (place.endsWith('querystring')) return { name, lookup: ({ querystring }) => own(querystring, name) };
  const lower = name.toLowerCase();
  return { name, lookup: ({ header }) => own(header, lower) ?? own(header, name) ?? ownIgnoringCase(header, lower) };
}

function own(map: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function ownIgnoringCase(map: Readonly<Record<string, string | undefined>>, lower: string): string | undefined {
  const key = Object.keys(map).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : map[key];
}
