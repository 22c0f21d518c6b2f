import type { UsagePlan } from '../../model/model.ts';

/** Says whether the quota has room for a request, and counts it if so. */
export type Quota = () => boolean;

const DAY = 24 * 60 * 60 * 1000;
/** 1970-01-04, the first Sunday of the epoch. */
const FIRST_SUNDAY = 3 * DAY;

/**
 * Counts requests in windows of a day, a week or a month, in UTC. `offset` is the day that a week (0: Sunday) or a month (0: the 1st) starts.
 *
 * Source: AWS CloudFormation Template Reference, "AWS::ApiGateway::UsagePlan QuotaSettings".
 *
 * @param now - milliseconds since the epoch
 */
export function createQuota({ limit, offset, period }: NonNullable<UsagePlan['quota']>, now: () => number): Quota {
  let window = Number.NaN;
  let used = 0;
  return () => {
    const current = windowStart(now(), period, offset);
    if (current !== window) {
      window = current;
      used = 0;
    }
    if (used >= limit) return false;
    used += 1;
    return true;
  };
}

/** The start of the window that `time` is in, in milliseconds since the epoch. */
export function windowStart(time: number, period: 'DAY' | 'MONTH' | 'WEEK', offset: number): number {
  if (period === 'DAY') return Math.floor(time / DAY) * DAY;
  if (period === 'WEEK') {
    const origin = FIRST_SUNDAY + offset * DAY;
    return origin + Math.floor((time - origin) / (7 * DAY)) * 7 * DAY;
  }
  const shifted = new Date(time - offset * DAY);
  return Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth(), 1 + offset);
}
