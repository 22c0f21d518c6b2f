import { operations } from '#contract/index.ts';
import { writesOf } from '#contract/writes.ts';
import type { ControlClient } from '#local/control/client.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';

/** Where a region's writes are held, and let again. */
export interface WriteGate {
  /** AWS region, for messages. */
  readonly region: string;
  /** Milliseconds that items took to the other region at the most, of late. undefined: nothing was written, or it is not known. */
  latency(): Promise<number | undefined>;
  /** Routes that write respond with 429 from now on, in every environment that may be live. @returns how many routes */
  hold(): Promise<number>;
  /** Ends what {@link hold} began, by whichever run of the command. */
  release(): Promise<void>;
}

/** Routes of one environment's stage of one API: `GET /user/{id}`. */
interface StageRoutes {
  readonly kind: 'http' | 'rest';
  readonly routes: Iterable<string>;
}

/**
 * Which routes of a stage write: by what their functions may do with the resources that they are given, as `GET` writes, too, where it may. A route that
 * the contract of this working tree does not know, as another release serves it, is one of them.
 */
export function writingRoutes({ kind, routes }: StageRoutes): readonly string[] {
  return [...routes].filter((route) => {
    if (route.startsWith('OPTIONS ')) return false;
    const operation = operations.find((each) => each.api === kind && `${each.method} ${each.path}` === route);
    return operation === undefined || writesOf(operation).length > 0;
  });
}

/** The running local runtime in the place of AWS. */
export function localWriteGate(
  { settings }: StageContext,
  regionType: RegionType,
  control: Pick<ControlClient, 'hold' | 'status'>,
): WriteGate {
  const routesOf = (kind: 'http' | 'rest') =>
    operations.filter(({ api }) => api === kind).map(({ method, path }) => `${method} ${path}`);
  return {
    region: regionType === 'primary' ? settings.primaryRegion : settings.secondaryRegion,
    latency: async () => (await control.status()).replicationLagMilliseconds,
    hold: async () => {
      const writing = (['rest', 'http'] as const).flatMap((kind) => writingRoutes({ kind, routes: routesOf(kind) }));
      await control.hold(
        regionType,
        settings.apiEnvironments.flatMap((environment) => writing.map((route) => `${environment} ${route}`)),
      );
      return writing.length;
    },
    release: () => control.hold(regionType, []),
  };
}
