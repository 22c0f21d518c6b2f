import type { LocalModel } from '../model/model.ts';

/** The longest that a failover takes. Seconds. */
export interface PredictedRecovery {
  /** Interval × threshold: until the health check has noticed. */
  readonly noticeSeconds: number;
  /** Until the last resolver has forgotten the answer from before. */
  readonly ttlSeconds: number;
  /** Their sum. */
  readonly recoverySeconds: number;
}

/** Of the slowest name, at the pace of this run. Names without a health check don't fail over. */
export function predictRecovery({ healthChecks, records }: LocalModel['dns'], timeScale: number): PredictedRecovery {
  const checked = records.flatMap(({ failover, healthCheckId, ttlSeconds }) => {
    const check = failover === 'PRIMARY' && healthChecks.find(({ id }) => id === healthCheckId);
    return check ? [{ notice: check.requestIntervalSeconds * check.failureThreshold, ttl: ttlSeconds }] : [];
  });
  const notice = Math.max(0, ...checked.map((record) => record.notice)) / timeScale;
  const ttl = Math.max(0, ...checked.map((record) => record.ttl)) / timeScale;
  return { noticeSeconds: notice, ttlSeconds: ttl, recoverySeconds: notice + ttl };
}
