import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type listEvents, access as readAccess } from '#contract/list-events.ts';
import { type postEvent, access as writeAccess } from '#contract/post-event.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { dynamoDbEventLog } from '#functions/adapters/dynamodb-event-log.ts';
import { PREVIEW, readEnvironment } from '#functions/environment.ts';
import { httpHandler } from '#functions/http/http-handler.ts';
import type { EventLog } from '#functions/ports/event-log.ts';
import { pageEvents, recordEvent } from './page-events.ts';

function compose(): { readonly live: EventLog; readonly preview: EventLog } {
  const { EVENT_TABLE_NAME, PREVIEW_EVENT_TABLE_NAME } = readEnvironment({ ...readAccess, ...writeAccess });
  // Three attempts and the waits between them end before the function's timeout, so that a failure is answered and logged.
  const client = new DynamoDBClient(clientSettings({ maxAttempts: 3, connectMs: 1000, attemptMs: 2000 }));
  return {
    live: dynamoDbEventLog(client, EVENT_TABLE_NAME),
    preview: dynamoDbEventLog(client, PREVIEW_EVENT_TABLE_NAME),
  };
}

let composed: ReturnType<typeof compose> | undefined;

function logOf(env: string): EventLog {
  composed ??= compose();
  return env === PREVIEW ? composed.preview : composed.live;
}

export const handler = httpHandler<typeof listEvents | typeof postEvent>('events', {
  'GET /events': async (request) => pageEvents(logOf(request.env), request),
  'POST /events': async (request) => recordEvent(logOf(request.env), request),
});
