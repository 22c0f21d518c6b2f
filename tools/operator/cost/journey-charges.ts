import * as z from 'zod/mini';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { MONTH_HOURS, type PriceItem } from './prices.ts';

const scheduleConfig = z.object({ schedule_expression: z.string() });

/** The regions' own names and the public one. */
const NAMES = 3;
/** A journey waits for its responses, all of them at once; what it asks runs 20 ms. */
const RUN_SECONDS = 1;
const SERVED_SECONDS = 0.02;
const MEMORY_GB = 0.25;
/** Access log and function's lines of a request. */
const LOG_GB = 1000 / 1e9;
const MILLION = 1e6;

/**
 * What the contract's journeys cost a month in a region where they are taken: the function, and what it asks of both regions' APIs, which counts here,
 * as each region asks the same. Of tables: the writes of all copies.
 *
 * @param config - of the schedule
 */
export function journeyQuantities(
  config: Readonly<Record<string, unknown>>,
): Readonly<Partial<Record<PriceItem, number>>> {
  const { schedule_expression: rate } = scheduleConfig.parse(config);
  const minutes = Number(/\d+/.exec(rate)?.[0] ?? 1);
  const runs = (MONTH_HOURS * 60) / minutes;
  const asked = (of: (operation: Operation) => boolean) =>
    runs * NAMES * operations.filter(of).reduce((sum, { journeys = [] }) => sum + journeys.length, 0);
  const [rest, http] = [asked(({ api }) => api === 'rest'), asked(({ api }) => api === 'http')];
  const writes = asked(({ access }) => Object.values(access).some((actions) => actions.some(isWrite)));
  return {
    'rest-request': rest / MILLION,
    'http-request': http / MILLION,
    'lambda-request': (runs + rest + http) / MILLION,
    'lambda-arm': (runs * RUN_SECONDS + (rest + http) * SERVED_SECONDS) * MEMORY_GB,
    'logs-ingested': (rest + http) * LOG_GB,
    'dynamodb-write': (2 * writes) / MILLION,
  };
}

function isWrite(action: string): boolean {
  return action === 'dynamodb:PutItem';
}
