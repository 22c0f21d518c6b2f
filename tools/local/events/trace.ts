import { matcherOf } from './event-query.ts';
import type { RuntimeEvent, RuntimeLog } from './runtime-log.ts';
import type { Span } from './spans.ts';

/** What is known of one request. */
export interface Trace {
  /** From the outermost inwards. */
  readonly spans: readonly Span[];
  /** What was logged of it. */
  readonly events: readonly RuntimeEvent[];
}

/**
 * The way of a request, and what was logged of it.
 *
 * @param id - that the gateway or AWS Lambda gave it, or its trace's, of which the first request is told
 */
export function traceOf(log: RuntimeLog, id: string): Trace {
  const requestId = requestOf(log, id) ?? id;
  const spans = log.spans.of(requestId);
  const ids = new Set([requestId, ...spans.flatMap((span) => span.requestId ?? [])]);
  const isAbout = [...ids].map((each) => matcherOf({ requestId: each }));
  return { spans, events: log.query((event) => isAbout.some((matches) => matches(event))) };
}

/** Of a trace: the gateway knows it first, but its line comes last. */
function requestOf(log: RuntimeLog, traceId: string): string | undefined {
  const isOf = matcherOf({ traceId });
  const ids = { access: '', function: '' };
  for (const event of log.query(isOf)) {
    if (event.kind === 'access' || event.kind === 'function') ids[event.kind] ||= event.requestId;
  }
  return ids.access || ids.function || undefined;
}
