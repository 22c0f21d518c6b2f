import { errorReason } from '#functions/error-reason.ts';
import { selectByContentType } from '#local/gateway/validation/request-validator.ts';
import { getOwn, mediaType, toHeaderMaps } from '#local/http/raw-headers.ts';

import type { RestIntegration } from '#local/model/api-model.ts';
import type { CompileTemplate, TemplateContext } from '#local/vtl/template-context.ts';
import { toContextObject } from './context-variables.ts';
import type { Exchange } from './exchange.ts';

/** A compiled mapping template. */
export type RenderTemplate = ReturnType<CompileTemplate>;

/** The template for a request; `undefined`: its body is passed through. */
export type RequestTemplateChoice = (contentType: string | undefined) => RenderTemplate | undefined;

/**
 * Compiles an integration's request templates. That the integration takes the content type at all, the request's validation has seen to.
 *
 * Source: Amazon API Gateway Developer Guide, "Method request behavior for payloads without mapping templates for REST APIs".
 */
export function compileRequestTemplates(
  { requestTemplates }: RestIntegration,
  compile: CompileTemplate,
): RequestTemplateChoice {
  const templates = compileTemplates(requestTemplates, compile);
  return (contentType = 'application/json') => selectByContentType(templates, contentType);
}

/** A response template and the content type that it makes. */
export interface ResponseTemplate {
  readonly contentType: string;
  readonly render: RenderTemplate | undefined;
}

/** Compiles an integration response's templates; the first type in `Accept` chooses, else JSON, else the first that is declared. */
export function compileResponseTemplates(
  sources: Readonly<Record<string, string>>,
  compile: CompileTemplate,
): (accept: string | undefined) => ResponseTemplate {
  const templates = compileTemplates(sources, compile);
  const choose = (contentType: string) => {
    const render = getOwn(templates, contentType);
    return render && { contentType, render };
  };
  const [first] = Object.keys(templates);
  const fallback = choose('application/json') ??
    (first === undefined ? undefined : choose(first)) ?? { contentType: 'application/json', render: undefined };
  return (accept) => (accept === undefined ? undefined : choose(mediaType(accept.split(',', 1)[0] ?? ''))) ?? fallback;
}

/** What a template sees of an exchange. @param body - the request's, or, for a response template, the integration's */
export function templateInput(exchange: Exchange, body: string): TemplateContext {
  return {
    body,
    params: {
      path: exchange.pathParameters,
      querystring: exchange.query.single,
      header: toHeaderMaps(exchange.request.rawHeaders).single,
    },
    context: toContextObject(exchange),
    stageVariables: exchange.facts.variables,
    overrides: exchange.overrides,
  };
}

function compileTemplates(
  sources: Readonly<Record<string, string>>,
  compile: CompileTemplate,
): Record<string, RenderTemplate> {
  return Object.fromEntries(Object.entries(sources).map(([type, source]) => [type.toLowerCase(), compile(source)]));
}

/**
 * Compiles templates so that none keeps the runtime from starting: one that isn't valid fails the requests that need it, as on AWS. That, and
 * what a template does that nobody knows of API Gateway, is told once.
 */
export function tolerantCompile(compile: CompileTemplate, tell: (message: string) => void): CompileTemplate {
  const told = new Set<string>();
  const tellOnce = (message: string) => {
    if (told.has(message)) return;
    told.add(message);
    tell(message);
  };
  return (source) => {
    const render = compileOrFail(source, compile, tellOnce);
    return (input) => {
      const output = render(input);
      for (const note of output.notes ?? []) tellOnce(`a mapping template: ${note}`);
      return output;
    };
  };
}

function compileOrFail(source: string, compile: CompileTemplate, tell: (message: string) => void): RenderTemplate {
  try {
    return compile(source);
  } catch (error) {
    tell(`${errorReason(error)} Requests that need it get a 500.`);
    return () => {
      throw error;
    };
  }
}
