import type { PredictedFailure, PredictedFault } from '#local/failure/failure-schema.ts';
import type { DnsModel } from '#local/model/model.ts';
import { ANSWER_MILLISECONDS, CONNECT_MILLISECONDS } from './prober.ts';

/** How a region is seen to fail: connections are refused, or errors come; they stand and stay silent; packets are dropped. */
export type Fault = Extract<PredictedFailure, { readonly noticed: true }>['fault'];

/** How long a failover takes, in seconds of this run. What it leaves out: {@link LEFT_OUT}. */
type Predictions = Readonly<Record<Fault, PredictedFault>> & { readonly ttlSeconds: number };

/** What adds to a prediction on AWS, and no figure is published of. */
export const LEFT_OUT =
  "Left out: Route 53's spread of the change to its name servers (no figure is published), caches that keep an answer longer than its TTL, and connections that are kept alive, which never ask again.";

/** What a probe of each fault takes on AWS, in seconds. */
const PROBE_SECONDS: Readonly<Record<Fault, number>> = {
  refused: 0,
  silent: ANSWER_MILLISECONDS / 1000,
  dropped: CONNECT_MILLISECONDS / 1000,
};

/**
 * Of the slowest name. An interval counts from the response, so a probe that waits in vain makes it longer: with 10 s and three failures a refused
 * connection is noticed after 20 to 30 s, silence after 26 to 36 s, dropped packets after 32 to 42 s. Names without a health check don't fail over.
 *
 * Source: Amazon Route 53 API Reference, "HealthCheckConfig", `RequestInterval`; Developer Guide, "How Route 53 determines whether a health check is
 * healthy", for the time-outs.
 */
export function predictRecovery(dns: DnsModel, timeScale: number): Predictions {
  const checked = dns.records.filter(({ failover, healthCheckId }) => failover !== 'SECONDARY' && healthCheckId);
  const checks = checked.flatMap(({ healthCheckId = '' }) => endpointChecksOf(dns, healthCheckId));
  const ttl = Math.max(0, ...checked.map(({ ttlSeconds }) => ttlSeconds)) / timeScale;
  const predict = (fault: Fault): PredictedFault => {
    const probe = PROBE_SECONDS[fault];
    const most = checks.map((check) => check.failureThreshold * (check.requestIntervalSeconds + probe));
    const least = checks.map((check) => (check.failureThreshold - 1) * (check.requestIntervalSeconds + probe) + probe);
    const notice = { atLeast: Math.max(0, ...least) / timeScale, atMost: Math.max(0, ...most) / timeScale };
    return { notice, recovery: { atLeast: notice.atLeast, atMost: notice.atMost + ttl } };
  };
  return { refused: predict('refused'), silent: predict('silent'), dropped: predict('dropped'), ttlSeconds: ttl };
}

/** The endpoint checks that a health check comes down to; inverted ones say something else than that the endpoint responds. */
export function endpointChecksOf(dns: DnsModel, id: string): DnsModel['healthChecks'] {
  const children = dns.calculatedChecks?.find((check) => check.id === id)?.children ?? [];
  const own = dns.healthChecks.filter((check) => check.id === id && !check.inverted);
  return [...own, ...children.flatMap((child) => endpointChecksOf(dns, child))];
}
