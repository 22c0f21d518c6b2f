import { eventsHealthcheck } from './events-healthcheck.ts';
import { healthcheck } from './healthcheck.ts';

/** The open route of each API that tells its health, shallow and deep: what health checks and verifications ask. */
export const HEALTH_ROUTES = { rest: healthcheck, http: eventsHealthcheck } as const;

/**
 * What is appended to a route's path to ask the region alone. With a value, as a parameter without one may be dropped on its way: the handlers ask
 * only whether it is there.
 */
export const SHALLOW_QUERY = '?shallow=true';
