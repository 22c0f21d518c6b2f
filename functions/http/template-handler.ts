import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Operation } from '#contract/operation.ts';
import type { ResponseOf } from '#contract/response.ts';
import { BadRequestError, errorResponse } from './error-response.ts';
import type { Outcome } from './gateway-response.ts';
import { readJson } from './json-body.ts';
import type { ReceivedRequest, Served } from './received-request.ts';
import { recorderOf } from './request-record.ts';

/**
 * What the request template makes of a request. Beside these members: path and query parameters as strings, the body's fields as they were
 * sent.
 */
export interface TemplateEvent {
  /** HTTP method. */
  readonly _method: string;
  /** API environment. */
  readonly stage: string;
  /** API Gateway's id of the request. */
  readonly requestId: string;
  readonly [field: string]: unknown;
}

/** What an operation sees of a request. */
export interface TemplateRequest {
  /** API environment. */
  readonly env: string;
  readonly requestId: string;
  /** Parameters and the body's fields, not checked. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Carries the request's ids. */
  readonly log: Pick<Logger, 'debug' | 'error' | 'info' | 'warn'>;
}

/** The operations of one function by method, each answering what its contract declares. */
export type TemplateMethods<T extends Operation> = {
  readonly [O in T as O['method']]: (request: TemplateRequest) => Promise<ResponseOf<O>>;
};

/** Handler of a Lambda custom integration (not proxy): what it returns is the body of a 200, what it throws any other answer. */
export type TemplateHandler = Served & ((event: TemplateEvent, context: Context) => Promise<unknown>);

/**
 * An answer other than 200, as the integration responses know it: a message of the form `<status>: <cause>`.
 *
 * Source: Amazon API Gateway Developer Guide, "Handle Lambda errors in API Gateway" (standard Lambda errors).
 */
class StatusError extends Error {
  override readonly name = 'StatusError';
  constructor(status: number, body: unknown) {
    super(`${status}: ${causeIn(body)}`);
    // Lambda logs the stack of every error and hands it to the gateway; this one is an answer.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Makes the operations of a function a Lambda handler. A `BadRequestError` becomes a 400 with its message; anything else that an operation
 * throws is logged and becomes a 500 that says nothing of the cause.
 *
 * @param service - name of the function, for the log
 */
export function templateHandler<T extends Operation>(
  service: T['function'],
  methods: TemplateMethods<T>,
): TemplateHandler {
  const log = new Logger({ serviceName: service });
  const record = recorderOf(process.env.RECORDING);
  const served = new Map<string, (request: TemplateRequest) => Promise<Outcome>>(Object.entries(methods));
  const serveMethod = async (method: string, request: TemplateRequest) => {
    const serve = served.get(method);
    if (serve === undefined) throw new Error(`The method ${method} is not one of this function's.`);
    return serve(request);
  };
  const invoke = async (event: TemplateEvent, context: Context): Promise<unknown> => {
    const { requestId } = event;
    log.resetKeys();
    log.addContext(context);
    log.setCorrelationId(requestId);
    const request = { env: event.stage, requestId, fields: event, log };
    const { status, body } = await serveMethod(event._method, request).catch((error: unknown) =>
      errorResponse(error, requestId, log),
    );
    const parameters = textsOf(event);
    // Templates hand no headers through.
    const seen = { environment: event.stage, path: parameters, query: parameters, header: () => undefined };
    record(event._method, { ...seen, body: () => event, status });
    if (status === 200) return body;
    throw new StatusError(status, body);
  };
  return Object.assign(invoke, {
    serve: async (request) => serveMethod(request.method, { ...request, fields: fieldsOf(request) }),
  } satisfies Served);
}

/** Parameters, those that were not sent left out: the template makes empty texts of them. */
function textsOf(event: TemplateEvent): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(event).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value]] : [],
    ),
  );
}

/** What the request template makes of a request. */
function fieldsOf(request: ReceivedRequest): TemplateRequest['fields'] {
  const { body, pathParameters, query } = request;
  const parameters = { ...query.single, ...pathParameters };
  if (body === undefined) return parameters;
  const fields = readJson({ ...request, isBase64Encoded: false });
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new BadRequestError('body: Invalid input: expected object');
  }
  return { ...fields, ...parameters };
}

function causeIn(body: unknown): string {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return typeof error === 'string' && error !== '' ? error : 'The request failed';
}
