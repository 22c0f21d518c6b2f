import { latched, type RouteDocument } from '#contract/route-document.ts';
import type { RouteObject } from '#functions/ports/route-object.ts';

/** What the latch asks and writes. */
export interface LatchPorts {
  /** AWS region that it runs in, whose object it may write. */
  readonly region: string;
  /** AWS region that answers at the public name, to a new connection. undefined: none does. */
  readonly responding: () => Promise<string | undefined>;
  readonly own: RouteObject;
  /** What the other region says of this one. undefined: it can't be asked, and what it says counts for nothing. */
  readonly opposite: () => Promise<RouteDocument['route'] | undefined>;
  readonly now: () => Date;
}

/** What a look came to, and whether traffic keeps away from the other region after it. */
export interface Look {
  readonly outcome:
    | 'changed meanwhile'
    | 'held'
    | 'kept away from here'
    | 'let go'
    | 'nobody responds'
    | 'not moved'
    | 'now held';
  readonly route: RouteDocument['route'];
}

/**
 * Holds traffic where a failover has brought it: where this region answers at the public name, it writes that traffic keeps away from the other one.
 * What is there already stays as it is, and so does what somebody has let go: until the other region has answered again, that is no new failover. That DNS leads here is Route 53's own verdict on both regions, got without its API; so a look moves nothing.
 *
 * Never both regions: nothing is written while the other region says that traffic keeps away from this one, and what was written in the same moment is
 * taken back.
 */
export async function holdTraffic({ region, responding, own, opposite, now }: LatchPorts): Promise<Look> {
  const { document, version } = await own.read();
  if (document?.route === 'away') return { outcome: 'held', route: 'away' };
  const answering = await responding();
  if (answering === undefined) return { outcome: 'nobody responds', route: 'home' };
  const isLetGo = document?.since !== undefined && document.returned !== true;
  if (answering !== region) {
    if (document && isLetGo) await own.write({ ...document, returned: true }, version);
    return { outcome: 'not moved', route: 'home' };
  }
  if (isLetGo) return { outcome: 'let go', route: 'home' };
  if ((await opposite()) === 'away') return { outcome: 'kept away from here', route: 'home' };
  if (!(await own.write(latched(now()), version))) return { outcome: 'changed meanwhile', route: 'home' };
  if ((await opposite()) !== 'away') return { outcome: 'now held', route: 'away' };
  const written = await own.read();
  await own.write({ route: 'home', since: now().toISOString() }, written.version);
  return { outcome: 'kept away from here', route: 'home' };
}
