import type { Answer } from '../contract/answer.ts';
import { postEvent } from '../contract/post-event.ts';
import type { HttpRequest } from '../http/http-handler.ts';
import { parseRequest } from '../http/parse-request.ts';
import type { EventLog } from '../ports/event-log.ts';

/**
 * Stores one event.
 *
 * @throws BadRequestError when the body is not an event
 */
export async function recordEvent(
  log: Pick<EventLog, 'put'>,
  request: Pick<HttpRequest, 'json'>,
): Promise<Answer<typeof postEvent>> {
  const event = parseRequest(postEvent.request.body, request.json());
  await log.put(event);
  return { status: 200, body: `Put item ${event.userId}` };
}
