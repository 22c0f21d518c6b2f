import { compileAccessLog } from '#local/gateway/access-log.ts';
import type * as kind from '#local/gateway/kind.ts';
import { prepareLambdaInvocation } from '#local/gateway/lambda-invocation.ts';
import { METHODS } from '#local/gateway/serve.ts';
import { type StageFacts, stageFacts } from '#local/gateway/stage-picker.ts';
import { type Throttle, throttleOf } from '#local/gateway/throttle.ts';
import { createRequestValidator } from '#local/gateway/validation/request-validator.ts';
import { compileBinaryMediaTypes, toHeaderMaps } from '#local/http/raw-headers.ts';

import type { HttpResponse } from '#local/http/response.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { AccessLog, RestApi, RestMethod, RestStage } from '#local/model/api-model.ts';
import type { RegionModel } from '#local/model/model.ts';
import type { CompileTemplate } from '#local/vtl/template-context.ts';
import type { Guard } from '#local/waf/web-acl.ts';
import type { StageKeys } from './api-keys.ts';
import { prepareLambdaAuthorizer, type VerdictCache } from './authorizer/lambda-authorizer.ts';
import { compileRequestTemplates, tolerantCompile } from './content-templates.ts';
import { contextVariables } from './context-variables.ts';
import type { Exchange, Integration } from './exchange.ts';
import { configurationFault, type Fault } from './fault.ts';
import { compileIntegrationResponses } from './integration-responses.ts';
import { compileRoutes } from './match-route.ts';
import { compileProxyEvent } from './proxy-event.ts';
import { createProxyIntegration } from './proxy-integration.ts';
import { createMockIntegration, createTemplateIntegration } from './template-integration.ts';

const NO_VALIDATION: RequestValidation = () => undefined;

const NO_HEADERS = {};

/** A method of one stage, with all that its requests need. */
export interface Route extends kind.Route<Exchange, Fault> {
  readonly resourcePath: string;
  readonly apiKeyRequired: boolean;
  /** Says whether a request may pass now, and counts it if so. @default - the account's limits alone */
  readonly admit: Throttle | undefined;
  readonly validate: RequestValidation;
}

export interface PreparedStage extends kind.Stage<Route, Exchange> {
  readonly keys: StageKeys;
  /** Of the web ACL before it. @default - there is none */
  readonly guard: Guard | undefined;
  readonly respondToFault: (exchange: Exchange, fault: Fault) => HttpResponse;
}

interface StageOptions {
  readonly region: RegionModel;
  readonly keys: StageKeys;
  readonly respondToFault: PreparedStage['respondToFault'];
  readonly guard: Guard | undefined;
  readonly invoke: InvokeFunction;
  readonly compileTemplate: CompileTemplate;
  readonly warn: (message: string) => void;
}

/** Compiles a stage: nothing of the model is looked at again while requests are served. */
export function prepareStage(api: RestApi, stage: RestStage, options: StageOptions): PreparedStage {
  const facts = stageFacts(api, stage, options.region.region);
  const isBinary = compileBinaryMediaTypes(api.binaryMediaTypes);
  const cache: VerdictCache = new Map();
  return {
    facts,
    match: compileRoutes(
      api.methods.map((method) => ({
        resourcePath: method.resourcePath,
        httpMethod: method.httpMethod,
        route: {
          resourcePath: method.resourcePath,
          authorization: method.authorization,
          authorize:
            method.authorizer &&
            prepareLambdaAuthorizer(method.authorizer, {
              ...options,
              facts,
              cache,
              eventOf: compileProxyEvent(facts, method.resourcePath),
            }),
          apiKeyRequired: method.apiKeyRequired,
          validate: compileRequestValidation(method, api.models),
          admit: throttleOf(
            `${method.httpMethod} ${method.resourcePath}`,
            stage.methodThrottles,
            stage.defaultThrottle,
          ),
          integrate: prepareIntegration(method, facts, isBinary, options),
        },
      })),
    ),
    keys: options.keys,
    guard: options.guard,
    respondToFault: options.respondToFault,
    accessLog: stage.accessLog && prepareAccessLog(stage.accessLog),
  };
}

function prepareAccessLog({ logGroup, format }: AccessLog) {
  return { logGroup, render: compileAccessLog(format, contextVariables) };
}

function prepareIntegration(
  method: RestMethod,
  facts: StageFacts,
  isBinary: (header: string | undefined) => boolean,
  { region, invoke, warn, compileTemplate }: StageOptions,
): Integration {
  const { integration, unserved } = method;
  if (unserved !== undefined) return async () => configurationFault(unserved);
  const compile = tolerantCompile(compileTemplate, (message) =>
    warn(`${facts.stage} ${method.httpMethod} ${method.resourcePath}: ${message}`),
  );
  if (integration.type === 'MOCK') {
    return createMockIntegration(
      compileRequestTemplates(integration, compile),
      compileIntegrationResponses(method, compile, warn),
    );
  }
  const { httpMethod, resourcePath } = method;
  const verbs = httpMethod === 'ANY' ? METHODS : [httpMethod];
  const target = prepareLambdaInvocation({
    uri: integration.uri,
    timeoutMilliseconds: integration.timeoutMilliseconds,
    sources: new Map(verbs.map((verb) => [verb, `${verb}${resourcePath}`])),
    facts,
    region,
    credentials: integration.credentials,
    invoke,
  });
  if (integration.type === 'AWS_PROXY')
    return createProxyIntegration(target, compileProxyEvent(facts, method.resourcePath), isBinary, warn);
  return createTemplateIntegration(
    target,
    compileRequestTemplates(integration, compile),
    compileIntegrationResponses(method, compile, warn),
    integration,
  );
}

type RequestValidation = (exchange: Exchange) => Fault | undefined;

/**
 * Compiles what a method asks of its requests: its validator's checks, and that its integration takes the content type.
 *
 * @throws Error when a model of the method is missing or isn't a JSON Schema
 */
function compileRequestValidation(method: RestMethod, models: RestApi['models']): RequestValidation {
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
