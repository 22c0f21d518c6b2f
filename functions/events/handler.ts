import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { JOURNEY_DATE } from '#contract/event.ts';
import { type eventsHealthcheck, access as healthAccess } from '#contract/events-healthcheck.ts';
import { type listEvents, access as readAccess } from '#contract/list-events.ts';
import { type postEvent, access as writeAccess } from '#contract/post-event.ts';
import type { ResponseOf } from '#contract/response.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { dynamoDbEventLog } from '#functions/adapters/dynamodb-event-log.ts';
import { PREVIEW, readEnvironment, readRegion } from '#functions/environment.ts';
import {
  deepCheck,
  HEALTH_DEADLINE_MILLISECONDS,
  HEALTH_LIMITS,
  shallowCheck,
} from '#functions/healthcheck/deep-check.ts';
import { httpHandler } from '#functions/http/http-handler.ts';
import type { RouteRequest } from '#functions/http/routes.ts';
import { writeMetrics } from '#functions/metric-line.ts';
import type { EventLog } from '#functions/ports/event-log.ts';
import { pageEvents, recordEvent } from './page-events.ts';

/** Date that the log is asked for. No event need have it: the table's answer is what counts. */
const PROBE_DATE = 'healthcheck';

type Logs = Readonly<Record<'live' | 'preview', EventLog>>;

function compose(): { readonly serving: Logs; readonly probed: Logs } {
  // A release without POST gets no namespace, and needs none: it is read where a metric is written.
  const { METRIC_NAMESPACE: _, ...tableAccess } = writeAccess;
  const { EVENT_TABLE_NAME, PREVIEW_EVENT_TABLE_NAME } = readEnvironment({
    ...healthAccess,
    ...readAccess,
    ...tableAccess,
  });
  const logs = (client: DynamoDBClient): Logs => ({
    live: dynamoDbEventLog(client, EVENT_TABLE_NAME),
    preview: dynamoDbEventLog(client, PREVIEW_EVENT_TABLE_NAME),
  });
  return {
    // Three attempts and the waits between them end before the function's timeout, so that a failure is answered and logged.
    serving: logs(new DynamoDBClient(clientSettings({ maxAttempts: 3, connectMs: 1000, attemptMs: 2000 }))),
    probed: logs(new DynamoDBClient(clientSettings(HEALTH_LIMITS))),
  };
}

let composed: ReturnType<typeof compose> | undefined;

function logOf(env: string, purpose: 'probed' | 'serving' = 'serving'): EventLog {
  composed ??= compose();
  return composed[purpose][env === PREVIEW ? 'preview' : 'live'];
}

export const handler = httpHandler<typeof eventsHealthcheck | typeof listEvents | typeof postEvent>('events', {
  'GET /events': async (request) => pageEvents(logOf(request.env), request),
  'POST /events': storeEvent,
  'GET /events/healthcheck': checkHealth,
});

/** What is stored is counted, by environment: what the business does, beside what its machines do. Journeys are machines'. */
async function storeEvent(request: RouteRequest<typeof postEvent>): Promise<ResponseOf<typeof postEvent>> {
  const { env, requestId } = request;
  const response = await recordEvent(logOf(env), request);
  if (response.status === 200 && !isJourney(request.json())) {
    const { METRIC_NAMESPACE: namespace } = readEnvironment(writeAccess);
    const metrics = { EventsStored: { value: 1, unit: 'Count' as const } };
    writeMetrics({ namespace, at: new Date(), metrics, dimensions: { environment: env }, fields: { requestId } });
  }
  return response;
}

function isJourney(stored: unknown): boolean {
  return typeof stored === 'object' && stored !== null && 'date' in stored && stored.date === JOURNEY_DATE;
}

async function checkHealth({ env, query, log }: RouteRequest<typeof eventsHealthcheck>) {
  const region = readRegion();
  if (query.shallow !== undefined) return shallowCheck({ env, region });
  const events = logOf(env, 'probed');
  return deepCheck({
    reads: { 'event-log': () => events.ofDate(PROBE_DATE, { limit: 1 }) },
    env,
    region,
    deadlineMs: HEALTH_DEADLINE_MILLISECONDS,
    onFailure: (dependency, error) => log.error('A dependency did not answer', { dependency, error }),
  });
}
