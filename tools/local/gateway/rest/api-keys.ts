import { createThrottle, type Throttle } from '#local/gateway/throttle.ts';
import type { UsagePlan } from '#local/model/api-model.ts';
import type { Fault } from './fault.ts';

const DAY = 24 * 60 * 60 * 1000;

/** 1970-01-04, the first Sunday of the epoch. */
const FIRST_SUNDAY = 3 * DAY;

/** A key's right to one stage. */
interface KeyGrant {
  readonly id: string;
  readonly value: string;
  readonly throttle: Throttle | undefined;
  readonly quota: Quota | undefined;
}

/** Clocks in milliseconds: `epoch` tells the date, `monotonic` never goes back. */
export interface Clocks {
  readonly epoch: () => number;
  readonly monotonic: () => number;
}

/** The keys of a stage by value. */
export type StageKeys = ReadonlyMap<string, KeyGrant>;

/** The usage plans of a region, which belong to the account: they change at once for every stage, whatever is released there. */
export interface UsagePlans {
  /** The keys of a stage, as they are now and will be. */
  keysOf(apiId: string, stage: string): StageKeys;
  /** Puts other plans in their place. A key whose plan has the same limits goes on counting where it was. */
  set(plans: readonly UsagePlan[]): void;
}

/**
 * Prepares the keys of all stages. A key has one bucket and one quota in a plan, whichever of the plan's stages it calls; they live in this
 * process, that is, in one region.
 *
 * Source: Amazon API Gateway Developer Guide, "Usage plans and API keys for REST APIs in API Gateway".
 */
export function prepareKeys(plans: readonly UsagePlan[], clocks: Clocks): UsagePlans {
  const stages = new Map<string, Map<string, KeyGrant>>();
  let granted = new Map<string, KeyGrant>();
  const grantsOf = (id: string) => {
    const grants = stages.get(id) ?? new Map<string, KeyGrant>();
    stages.set(id, grants);
    return grants;
  };
  const set: UsagePlans['set'] = (next) => {
    const before = granted;
    granted = new Map();
    for (const grants of stages.values()) grants.clear();
    for (const { name, apiStages, keys, throttle, quota } of next) {
      for (const key of keys) {
        if (!key.enabled) continue;
        const content = JSON.stringify([name, key.id, key.value, throttle, quota]);
        const grant = before.get(content) ?? {
          id: key.id,
          value: key.value,
          throttle: throttle && createThrottle(throttle.rateLimit, throttle.burstLimit, clocks.monotonic),
          quota: quota && createQuota(quota, clocks.epoch),
        };
        granted.set(content, grant);
        for (const { apiId, stage } of apiStages) grantsOf(stageId(apiId, stage)).set(key.value, grant);
      }
    }
  };
  set(plans);
  return { keysOf: (apiId, stage) => grantsOf(stageId(apiId, stage)), set };
}

/** The grant behind an `x-api-key` header, or the fault that ends the request. Counts the request. */
export function admit(keys: StageKeys, header: string | string[] | undefined): Fault | KeyGrant {
  const grant = typeof header === 'string' ? keys.get(header) : undefined;
  if (!grant) return { responseType: 'INVALID_API_KEY', message: 'Forbidden' };
  if (grant.throttle && !grant.throttle()) return { responseType: 'THROTTLED', message: 'Too Many Requests' };
  if (grant.quota && !grant.quota()) return { responseType: 'QUOTA_EXCEEDED', message: 'Limit Exceeded' };
  return grant;
}

function stageId(apiId: string, stage: string): string {
  return `${apiId}/${stage}`;
}

/** Says whether the quota has room for a request, and counts it if so. */
type Quota = () => boolean;

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
