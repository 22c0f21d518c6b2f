import { type Clock, MACHINE_CLOCK } from '#local/clock.ts';
import type { Service } from '#local/http/listen.ts';
import type { RegionType } from '#local/model/model.ts';
import { type Queued, ReplicationQueue } from './replication-queue.ts';

/** What runs between the regions of one service. */
export interface RegionLink extends Service {
  /**
   * Applies to writes that are on their way, too.
   *
   * @throws RangeError unless it is a number from 0 on
   */
  setLag(milliseconds: number): void;
  /** The region has failed: it neither sends nor receives, its writes are kept. */
  pause(region: RegionType): void;
  /** Writes whose lag is over arrive at once. */
  resume(region: RegionType): void;
  /** How many writes are on their way or kept. */
  pending(): number;
  /** Resolves once nothing is on its way; while a region is paused that may be never. */
  drained(): Promise<void>;
}

/** A link that what replicates hands its writes to. */
interface SendingLink<Write> extends RegionLink {
  /** @param to - where it is to arrive */
  send(to: RegionType, write: Write): void;
}

interface LinkOptions<Write> {
  /** From a write to its arrival in the other region. */
  readonly lagMilliseconds: number;
  /** A write arrives. */
  readonly deliver: (region: RegionType, queued: Queued<Write>) => void;
  /** Nothing is on its way any more. */
  readonly onSettled?: () => void;
  /** @default - this machine's */
  readonly clock?: Clock | undefined;
  /** Milliseconds that the next write takes beyond the lag. @default - none: writes arrive in their order */
  readonly extraLag?: (() => number) | undefined;
}

/** Carries writes from either region to the other one: in order, late by the lag, and not at all while one of them is paused. */
export function linkRegions<Write>(options: LinkOptions<Write>): SendingLink<Write> {
  const { lagMilliseconds, deliver, onSettled, clock = MACHINE_CLOCK, extraLag } = options;
  const paused = new Set<RegionType>();
  const waiting: (() => void)[] = [];
  const towards = (region: RegionType): ReplicationQueue<Write> =>
    new ReplicationQueue(clock, validLag(lagMilliseconds), (queued) => deliver(region, queued), settle);
  const queues = { primary: towards('primary'), secondary: towards('secondary') };
  const pending = () => queues.primary.length + queues.secondary.length;
  const eachQueue = (action: (queue: ReplicationQueue<Write>) => void) => Object.values(queues).forEach(action);

  function settle(): void {
    if (pending() > 0) return;
    onSettled?.();
    for (const resolve of waiting.splice(0)) resolve();
  }

  return {
    send: (to, write) => queues[to].push({ write, madeAt: clock.now(), ...(extraLag && { extra: extraLag() }) }),
    setLag: (milliseconds) => {
      const lag = validLag(milliseconds);
      eachQueue((queue) => queue.setLag(lag));
    },
    pause: (region) => {
      paused.add(region);
      eachQueue((queue) => queue.hold());
    },
    resume: (region) => {
      paused.delete(region);
      if (paused.size === 0) eachQueue((queue) => queue.release());
    },
    pending,
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        settle();
      }),
    close: async () => {
      eachQueue((queue) => queue.close());
      settle();
    },
  };
}

function validLag(milliseconds: number): number {
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  throw new RangeError(`The replication lag is ${milliseconds}; it must be a number of milliseconds from 0 on.`);
}
