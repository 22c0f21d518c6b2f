/**
 * What a mapping template sees of one request, or of an integration's answer.
 *
 * Source: Amazon API Gateway Developer Guide, "Mapping template transformations for REST APIs in API Gateway".
 */
export interface TemplateContext {
  /** `$input.body`: the request's body, or, in a response template, the integration's. */
  readonly body: string;
  /** `$input.params()`: the client's request, in response templates too. */
  readonly params: TemplateParameters;
  /** `$context`, nested: `{ identity: { sourceIp } }`. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** What the request's template wrote, for the response's to see and to change; default: nothing. */
  readonly overrides?: TemplateOverrides;
}

/** Names and values as the client sent them; of several values the last. */
export interface TemplateParameters {
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
}

/** Names and values; several of one name are a list. */
export type OverrideValues = Readonly<Record<string, string | readonly string[]>>;

/** What a template wrote to `$context.requestOverride` and `$context.responseOverride`; absent: nothing. */
export interface TemplateOverrides {
  readonly requestOverride?: {
    readonly header?: OverrideValues;
    readonly path?: OverrideValues;
    readonly querystring?: OverrideValues;
  };
  readonly responseOverride?: { readonly status?: number; readonly header?: OverrideValues };
}

/** What a template rendered. */
export interface TemplateOutput extends TemplateOverrides {
  readonly text: string;
  /** What was rendered without knowing what API Gateway makes of it; absent: nothing. */
  readonly notes?: readonly string[];
}

/** Name of the error that a template throws when the client's body can't be read as the template needs it: the client's mistake, 400. */
export const TEMPLATE_INPUT_ERROR = 'TemplateInputError';

/** Compiles a mapping template, once; the returned function renders it. @throws when the source isn't a template */
export type CompileTemplate = (source: string) => (input: TemplateContext) => TemplateOutput;
