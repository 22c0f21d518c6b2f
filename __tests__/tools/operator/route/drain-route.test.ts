import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RouteDocument } from '#contract/route-document.ts';
import { drainRoute } from '#operator/route/drain-route.ts';
import type { RoutePlace, RouteRequest } from '#operator/route/move-route.ts';
import type { RouteStore } from '#operator/route/route-store.ts';
import { describeRoute } from '#operator/route/run-route.ts';
import type { WriteGate } from '#operator/route/write-gate.ts';

const request: RouteRequest = { kind: 'away', region: 'primary', wait: true };

/** What happened, in its order. */
function stage(said: RouteDocument['route'] = 'home', gateHas: Partial<WriteGate> = {}) {
  const steps: string[] = [];
  const store = (region: string, first: RouteDocument['route']): RouteStore => {
    let document: RouteDocument = { route: first };
    return {
      region,
      read: async () => ({ document, version: '1' }),
      write: async (next) => {
        steps.push(`${region} says ${next.route}`);
        document = next;
        return true;
      },
    };
  };
  const place: RoutePlace = {
    stage: 'dev',
    isProduction: false,
    flags: '',
    active: 'primary',
    stores: { primary: store('eu-central-1', 'home'), secondary: store('eu-west-1', said) },
    responding: async () => {
      steps.push('asked who responds');
      return 'secondary';
    },
    timeScale: 1000,
    watchAtLeast: 0,
  };
  const gate: WriteGate = {
    region: 'eu-central-1',
    latency: async () => 1,
    hold: async () => {
      steps.push('held');
      return 3;
    },
    release: async () => void steps.push('released'),
    ...gateHas,
  };
  const controller = new AbortController();
  const drain = (confirmed = async () => void steps.push('confirmed'), onPhase: (phase: string) => void = () => {}) =>
    drainRoute(place, gate, request, { confirmed, onPhase, signal: controller.signal });
  return { steps, drain, interrupt: () => controller.abort() };
}

describe('a planned move (S4.2)', () => {
  it('holds writes before traffic moves, and lets them again when it has', async () => {
    const { steps, drain } = stage();
    const report = await drain();
    expect(steps).toEqual(['confirmed', 'held', 'eu-west-1 says away', 'asked who responds', 'released']);
    expect(report).toMatchObject({ outcome: 'moved', drained: { routes: 3, latency: 1, waited: 10 } });
    expect(report.drained?.heldFor).toBeGreaterThanOrEqual(100);
    expect(describeRoute(report, pc.createColors(false))).toContain('3 routes that write responded with 429 for');
  });

  it('takes a second for the latency that nobody knows, and says so', async () => {
    const { drain } = stage('home', { latency: async () => undefined });
    const report = await drain();
    expect(report.drained).toMatchObject({ waited: 10 });
    expect(report.drained).not.toHaveProperty('latency');
    expect(describeRoute(report, pc.createColors(false))).toContain('of which nothing is known');
  });

  it('holds nothing where replication is too far behind, or nobody confirms', async () => {
    const behind = stage('home', { latency: async () => 61_000 });
    await expect(behind.drain()).rejects.toThrow('Replication took 61 s');
    const unconfirmed = stage();
    await expect(unconfirmed.drain(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect([...behind.steps, ...unconfirmed.steps]).toEqual([]);
  });

  it('lets writes again, and moves nothing, when it is interrupted or they can only be held in part', async () => {
    const interrupted = stage();
    const drained = interrupted.drain(undefined, (phase) => {
      if (phase.includes('429')) interrupted.interrupt();
    });
    await expect(drained).rejects.toThrow('Interrupted: nothing has moved');
    expect(interrupted.steps).toEqual(['confirmed', 'held', 'released']);
    const half = stage('home', { hold: () => Promise.reject(new Error('connect ECONNREFUSED')) });
    await expect(half.drain()).rejects.toThrow('ECONNREFUSED');
    expect(half.steps).toEqual(['confirmed', 'released']);
  });

  it('is finished by the same command where an earlier one was killed', async () => {
    const { steps, drain } = stage('away');
    expect(await drain()).toMatchObject({ outcome: 'already' });
    expect(steps).toEqual(['released']);
  });

  it('says which command lets writes again when that failed', async () => {
    const { drain } = stage('home', { release: () => Promise.reject(new Error('connect ECONNREFUSED')) });
    await expect(drain()).rejects.toThrow(
      /eu-central-1 \(.*ECONNREFUSED.*\)\. The same command lets them again: two-region route-away dev primary --drain/,
    );
  });
});
