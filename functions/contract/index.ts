import { eventsHealthcheck } from './events-healthcheck.ts';
import { getUser } from './get-user.ts';
import { healthcheck } from './healthcheck.ts';
import { listEvents } from './list-events.ts';
import type { Operation } from './operation.ts';
import { postEvent } from './post-event.ts';
import { postUser } from './post-user.ts';
import { replaceString } from './replace-string.ts';
import { test } from './test.ts';

/** Every operation of the API with its literal types: the one list that an operation is added to. */
export const contract = [
  healthcheck,
  test,
  getUser,
  postUser,
  postEvent,
  listEvents,
  eventsHealthcheck,
  replaceString,
] as const satisfies readonly Operation[];

/** Every operation of the API, for whoever treats them alike. */
export const operations: readonly Operation[] = contract;
