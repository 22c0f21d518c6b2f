import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Request, RequestHandler, Response } from 'express';
import { correlationId } from '#functions/http/correlation-id.ts';
import type { ReceivedRequest } from '#functions/http/received-request.ts';

/** A request, as log lines and responses know it. */
export interface RequestIds {
  readonly requestId: string;
  /** Root of the load balancer's trace header; undefined where none came. */
  readonly traceId: string | undefined;
  readonly correlationId: string;
}

interface Current extends RequestIds {
  /** Made when the operation logs something. */
  log?: Logger;
}

/** What the access line says beyond the request itself. */
export interface Outcome {
  /** As the contract writes it. */
  resourcePath?: string;
  /** Of the key that was sent. */
  apiKeyId?: string;
  errorMessage?: string;
}

/** Structured log of the service: one line a request, and what operations say, each with the request's ids. */
export interface RequestLog {
  /** Of whatever the process does at the time: outside any request without ids. */
  readonly log: ReceivedRequest['log'];
  /** Gives a request its ids and, at its end, its line. */
  readonly middleware: RequestHandler;
  /** Ids of the request that is served. */
  readonly idsOf: (response: Response) => RequestIds;
  readonly outcomeOf: (response: Response) => Outcome;
  /** Bytes that were no request. */
  readonly unreadable: (status: number) => string;
}

/** Source: AWS X-Ray Developer Guide, "Tracing header". */
const TRACE_ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i;

/** Source: Elastic Load Balancing User Guide for Application Load Balancers, "Target group health checks". */
const LOAD_BALANCER_PROBE = /^ELB-HealthChecker\//;

/**
 * Many requests are served at the same time, and an operation may keep its log for a later one: what it says belongs to the request that is
 * served when it says it.
 */
export function requestLog(service: string): RequestLog {
  const base = new Logger({ serviceName: service });
  const current = new AsyncLocalStorage<Current>();
  const known = new WeakMap<Response, { readonly ids: RequestIds; readonly outcome: Outcome }>();
  const here = (): Logger => {
    const store = current.getStore();
    if (store === undefined) return base;
    store.log ??= child(base, store);
    return store.log;
  };
  const of = (response: Response) => {
    const found = known.get(response);
    if (found === undefined) throw new Error('The request has no ids: the log comes before all else.');
    return found;
  };
  return {
    log: {
      debug: (message, ...extra) => here().debug(message, ...extra),
      info: (message, ...extra) => here().info(message, ...extra),
      warn: (message, ...extra) => here().warn(message, ...extra),
      error: (message, ...extra) => here().error(message, ...extra),
    },
    middleware: (request, response, next) => {
      const ids = idsFor(request);
      const outcome: Outcome = {};
      known.set(response, { ids, outcome });
      response.setHeader('x-request-id', ids.requestId);
      const startedAt = performance.now();
      response.once('close', () => {
        const line = accessLine(request, response, outcome, Math.round(performance.now() - startedAt));
        const isProbe = response.statusCode === 200 && LOAD_BALANCER_PROBE.test(request.get('user-agent') ?? '');
        child(base, ids)[isProbe ? 'debug' : 'info']('Request', line);
      });
      current.run({ ...ids }, next);
    },
    idsOf: (response) => of(response).ids,
    outcomeOf: (response) => of(response).outcome,
    unreadable: (status) => {
      const requestId = randomUUID();
      base.info('Request', { requestId, status, errorMessage: 'This is no HTTP request' });
      return requestId;
    },
  };
}

function idsFor(request: Request): RequestIds {
  const requestId = randomUUID();
  const headers = { 'x-correlation-id': request.get('x-correlation-id') };
  const traceId = TRACE_ROOT.exec(request.get('x-amzn-trace-id') ?? '')?.[1];
  return { requestId, traceId, correlationId: correlationId(headers, requestId) };
}

function child(base: Logger, ids: RequestIds): Logger {
  const log = base.createChild();
  log.setCorrelationId(ids.correlationId);
  log.appendKeys({ requestId: ids.requestId, ...(ids.traceId !== undefined && { xray_trace_id: ids.traceId }) });
  return log;
}

/** In the words of the gateways' access logs. The query is left out: clients put there what is nobody's business. */
function accessLine(request: Request, response: Response, outcome: Outcome, responseLatency: number) {
  return {
    ip: request.ip,
    httpMethod: request.method,
    path: request.path,
    protocol: `HTTP/${request.httpVersion}`,
    // A client that went away got no status.
    status: response.writableFinished ? response.statusCode : 499,
    responseLength: Number(response.getHeader('content-length') ?? 0),
    responseLatency,
    ...outcome,
  };
}
