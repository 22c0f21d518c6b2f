import type { RouteDocument } from '#contract/route-document.ts';
import type { RouteObject } from '#functions/ports/route-object.ts';

/** What is asked and written where traffic is to keep away from the other region. */
export interface KeepAwayPorts {
  readonly own: RouteObject;
  /** What the other region says of this one. undefined: it can't be asked, and what it says counts for nothing. */
  readonly opposite: () => Promise<RouteDocument['route'] | undefined>;
  readonly now: () => Date;
}

/**
 * Writes that traffic keeps away from the other region. Never both regions: nothing is written while the other one says that traffic keeps away from
 * this one, and what was written in the same moment is taken back.
 *
 * @param version - of the object that is replaced
 */
export async function keepAway(
  { own, opposite, now }: KeepAwayPorts,
  document: RouteDocument,
  version: string,
): Promise<'changed meanwhile' | 'kept away from here' | 'written'> {
  if ((await opposite()) === 'away') return 'kept away from here';
  if (!(await own.write(document, version))) return 'changed meanwhile';
  if ((await opposite()) !== 'away') return 'written';
  const written = await own.read();
  await own.write({ route: 'home', since: now().toISOString() }, written.version);
  return 'kept away from here';
}
