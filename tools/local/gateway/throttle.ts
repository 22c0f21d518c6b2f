import { getOwn } from '#local/http/raw-headers.ts';
import type { ThrottleLimits } from '#local/model/api-model.ts';

/** Says whether a request may pass now, and counts it if so. */
export type Throttle = () => boolean;

/**
 * A token bucket: full at first, a token for each request, refilled steadily.
 *
 * Source: Amazon API Gateway Developer Guide, "Throttle requests to your REST APIs for better throughput".
 *
 * @param rateLimit - tokens a second
 * @param burstLimit - tokens that the bucket holds
 * @param now - milliseconds of a clock that never goes back
 */
export function createThrottle(rateLimit: number, burstLimit: number, now: () => number): Throttle {
  let tokens = burstLimit;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(burstLimit, tokens + ((time - filledAt) / 1000) * rateLimit);
    filledAt = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/**
 * The limits of one route or method of a stage: its own, or else the stage's, each route with a bucket of its own.
 *
 * Source: Amazon API Gateway Developer Guide, "Throttle requests to your HTTP APIs …" and "… REST APIs for better throughput".
 *
 * @returns `undefined` where neither has limits: the account's are not reached here
 */
export function throttleOf(
  key: string,
  own: Readonly<Record<string, ThrottleLimits>> = {},
  ofStage?: ThrottleLimits,
): Throttle | undefined {
  const limits = getOwn(own, key) ?? ofStage;
  return limits && createThrottle(limits.rateLimit, limits.burstLimit, () => performance.now());
}
