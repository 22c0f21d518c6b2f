import { errorReason } from '#functions/error-reason.ts';
import type { Item, ItemStore } from '#functions/ports/item-store.ts';

/** What a region's heartbeat asks and writes. */
export interface BeatPorts {
  /** AWS region that it runs in, whose item it writes. */
  readonly region: string;
  readonly otherRegion: string;
  /** This region's copy of the global table. */
  readonly beats: ItemStore;
  readonly now: () => Date;
  /** How many times faster than AWS's the time passes that the items tell. @default 1 */
  readonly timeScale?: number;
}

/** What one exchange came to. */
export interface Exchange {
  readonly outcome: 'heard' | 'not heard' | 'not read';
  /** How old the other region's last beat is that has arrived here, in seconds. @default - none is known */
  readonly ageSeconds?: number;
  /** Why this region's own beat, or the other's, could not be written or read. */
  readonly problem?: string;
}

/**
 * Writes this region's beat and reads the other's, as replication has brought it. Each is done whatever becomes of the other: a region that can only
 * read still says how old what it has is.
 */
export async function exchangeBeats(ports: BeatPorts): Promise<Exchange> {
  const { region, otherRegion, beats, now, timeScale = 1 } = ports;
  const [written, read] = await Promise.allSettled([
    beats.put({ id: region, at: now().toISOString() }),
    beats.get(otherRegion),
  ]);
  const failed = [written, read].flatMap((each) => (each.status === 'rejected' ? [errorReason(each.reason)] : []));
  const problem = failed.length === 0 ? {} : { problem: failed.join('; ') };
  if (read.status === 'rejected') return { outcome: 'not read', ...problem };
  const ageSeconds = beatAge(read.value, now(), timeScale);
  if (ageSeconds === undefined) return { outcome: 'not heard', ...problem };
  return { outcome: 'heard', ageSeconds, ...problem };
}

/** Age of a beat in whole seconds, 0 for one of the future: clocks differ a little. @returns undefined where there is no beat */
export function beatAge(beat: Item | undefined, now: Date, timeScale = 1): number | undefined {
  const at = Date.parse(beat?.at ?? '');
  return Number.isNaN(at) ? undefined : Math.max(0, Math.round(((now.getTime() - at) * timeScale) / 1000));
}
