import { listEvents } from '#contract/list-events.ts';
import { IDEMPOTENCY_KEY, postEvent } from '#contract/post-event.ts';
import type { ResponseOf } from '#contract/response.ts';
import { BadRequestError } from '#functions/http/error-response.ts';
import { parseRequest } from '#functions/http/parse-request.ts';
import type { RouteRequest } from '#functions/http/routes.ts';
import type { EventLog } from '#functions/ports/event-log.ts';
import { decodeToken, encodeToken } from './continuation-token.ts';

const defaultLimit = 100;

/**
 * Reads one page of the log.
 *
 * @throws BadRequestError when a parameter is not acceptable, or when a date is asked for and the token belongs to another one
 */
export async function pageEvents(
  log: Pick<EventLog, 'all' | 'ofDate'>,
  { query }: Pick<RouteRequest<typeof listEvents>, 'query'>,
): Promise<ResponseOf<typeof listEvents>> {
  const { date, limit, next } = parseRequest(listEvents.request.query, query, 'query');
  const after = next === undefined ? undefined : decodeToken(next);
  if (date !== undefined && after !== undefined && after.date !== date) {
    throw new BadRequestError(`next: Invalid token: expected one of a page of the date ${date}`);
  }
  const page = { limit: limit === undefined ? defaultLimit : Number(limit), after };
  const { events, end } = await (date === undefined ? log.all(page) : log.ofDate(date, page));
  return { status: 200, body: { Items: events, Count: events.length, ...(end && { Next: encodeToken(end) }) } };
}

/**
 * Stores one event, once for all attempts with one idempotency key.
 *
 * @throws BadRequestError when the body is not an event, or the key too long
 */
export async function recordEvent(
  log: Pick<EventLog, 'put'>,
  request: Pick<RouteRequest, 'header' | 'json' | 'requestId'>,
): Promise<ResponseOf<typeof postEvent>> {
  const event = parseRequest(postEvent.request.body, request.json());
  const { [IDEMPOTENCY_KEY]: key } = parseRequest(
    postEvent.request.headers,
    { [IDEMPOTENCY_KEY]: request.header(IDEMPOTENCY_KEY) },
    'headers',
  );
  if (!(await log.put(event, key))) {
    const error = `Another event has the date ${event.date} and the time ${event.time}`;
    return { status: 409, body: { error, requestId: request.requestId } };
  }
  return { status: 200, body: `Put item ${event.userId}` };
}
