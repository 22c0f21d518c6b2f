import { setTimeout as sleep } from 'node:timers/promises';
import type { PredictedFailure } from '#local/failure/failure-schema.ts';
import type { DrillPlace } from '#operator/drill/drill-place.ts';
import type { Load, Sent } from '#operator/drill/load/load.ts';
import type { Scenario } from '#operator/drill/scenarios.ts';

/** How often the region comes and goes. */
const FLAPS = 3;
/** A part of the time in which no health check can notice. */
const FLAP_SHARE = 0.5;
/** Beyond what a usage plan allows. */
const OVERLOAD = 4;
const MOST_PER_SECOND = 400;
const OVERLOAD_SECONDS = 90;
/** Requests in excess that may be under way. Each is a process of a function that is started: more of them at once and a laptop would be what is measured. */
const MOST_OPEN = 16;

/** A fault that has been made. */
interface Inflicted {
  /** @default - nothing fails */
  readonly prediction?: PredictedFailure;
  /** Resolves when the fault has run its course; one that lasts resolves at once. */
  readonly course: () => Promise<void>;
}

/** Makes the fault. Whatever it is, {@link endFaults} ends it. */
export async function inflict(
  place: DrillPlace,
  { fault }: Scenario,
  { signal, onSent }: { readonly signal: AbortSignal; readonly onSent: (sent: Sent) => void },
): Promise<Inflicted> {
  const { control } = place;
  switch (fault.kind) {
    case 'fail': {
      const { regions } = await control.fail('primary', fault.failure);
      const { prediction } = regions.primary.failures.at(-1) ?? {};
      return { ...(prediction && { prediction }), course: async () => undefined };
    }
    case 'route-away':
      throw new Error('route-away is drilled on AWS alone: locally it is a command like any other.');
    case 'partition':
      await control.setPartitioned(true);
      return { course: async () => undefined };
    case 'flap':
      return {
        course: async () => {
          const { predicted } = await control.status();
          for (let made = 0; made < FLAPS; made++) {
            await control.fail('primary', fault.failure);
            await sleep(predicted.refused.notice.atLeast * 1000 * FLAP_SHARE, undefined, { signal });
            await control.recover('primary');
            await sleep(predicted.refused.notice.atMost * 1000, undefined, { signal });
          }
        },
      };
    case 'overload':
      return {
        course: async () => {
          const load = overload(place, onSent);
          const milliseconds = Math.max(15_000, (OVERLOAD_SECONDS * 1000) / place.timeScale);
          await sleep(milliseconds, undefined, { signal }).finally(() => load.stop());
        },
      };
  }
}

/** Asks for what holders of the API key may ask for, faster than they may. */
function overload({ traffic, regions, senderFor }: DrillPlace, onSent: (sent: Sent) => void): Load {
  const keyed = traffic.calls.filter(({ operation }) => operation.auth === 'apiKey');
  const limit = regions.regions.primary.usagePlans.reduce(
    (most, { throttle }) => Math.max(most, throttle?.rateLimit ?? 0),
    0,
  );
  const perSecond = Math.min(MOST_PER_SECOND, limit * OVERLOAD);
  const send = senderFor('overload');
  const open = new Set<Promise<void>>();
  const begun = performance.now();
  let made = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    for (; made < due; made++) {
      const call = keyed[made % keyed.length];
      if (!call) return;
      if (open.size >= MOST_OPEN) continue;
      const at = Date.now();
      const { method, path } = call.operation;
      const request = send(call.operation, call.parts).then(({ status, region, problem }) => {
        open.delete(request);
        const outcome = status === 429 ? 'refused' : status !== undefined && status < 500 ? 'ok' : 'failed';
        onSent({
          at,
          milliseconds: Date.now() - at,
          connection: 'overload',
          route: `${method} ${path}`,
          outcome,
          ...(region && { region }),
          ...(problem !== undefined && { problem }),
        });
      });
      open.add(request);
    }
  }, 10);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

/** Ends the failures of both regions and the partition. @returns what was ended, in sentences */
export async function endFaults({ control }: Pick<DrillPlace, 'control'>): Promise<readonly string[]> {
  const done: string[] = [];
  const { partitioned, regions } = await control.status();
  if (partitioned) {
    await control.setPartitioned(false);
    done.push('The regions reach each other again.');
  }
  for (const region of ['primary', 'secondary'] as const) {
    if (regions[region].failures.length === 0) continue;
    await control.recover(region);
    done.push(`The ${region} region responds again.`);
  }
  return done;
}
