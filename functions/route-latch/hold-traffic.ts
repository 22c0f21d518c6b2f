import { latched, type RouteDocument } from '#contract/route-document.ts';
import { type KeepAwayPorts, keepAway } from './keep-away.ts';

/** What the latch asks and writes. */
export interface LatchPorts extends KeepAwayPorts {
  /** AWS region that it runs in, whose object it may write. */
  readonly region: string;
  /** AWS region that answers at the public name, to a new connection. undefined: none does. */
  readonly responding: () => Promise<string | undefined>;
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
 */
export async function holdTraffic(ports: LatchPorts): Promise<Look> {
  const { region, responding, own, now } = ports;
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
  const outcome = await keepAway(ports, latched(now()), version);
  return outcome === 'written' ? { outcome: 'now held', route: 'away' } : { outcome, route: 'home' };
}
