import * as z from 'zod/mini';

/** Key of the object by which a region says whether traffic keeps away from the other one; everybody may read it, health checkers among them. */
export const ROUTE_KEY = 'route.json';

/** Stands in the object while traffic keeps away; what the control check of the other region looks for. */
export const AWAY_TEXT = '"route":"away"';

/** What the object says. Public: it names nobody. */
const routeSchema = z.object({
  route: z.enum(['away', 'home']),
  /** ISO 8601: when that was decided. Absent: never changed. */
  since: z.optional(z.string()),
  /**
   * What decided it; `latch` holds traffic where a failover has brought it, `health` moves it away from a region that is ill. Absent: `command`.
   */
  by: z.optional(z.enum(['command', 'health', 'latch'])),
  /** Of `home`: since then the other region has answered at the public name. Until then that traffic is here is no new failover. */
  returned: z.optional(z.boolean()),
  /** Why, in a sentence. */
  reason: z.optional(z.string()),
});
export type RouteDocument = z.infer<typeof routeSchema>;

/** @returns the object's content; what is quoted in it can't look like {@link AWAY_TEXT} */
export function writeRoute({ route, since, by, returned, reason }: RouteDocument): string {
  return JSON.stringify({
    route,
    ...(since !== undefined && { since }),
    ...(by !== undefined && { by }),
    ...(returned !== undefined && { returned }),
    ...(reason !== undefined && { reason }),
  });
}

/** What a latch says of itself. */
export function latched(now: Date): RouteDocument {
  const reason = 'The public name was answered by this region.';
  return { route: 'away', since: now.toISOString(), by: 'latch', reason };
}

/** @returns undefined for what no version of this product wrote */
export function readRoute(content: string): RouteDocument | undefined {
  try {
    const parsed = routeSchema.safeParse(JSON.parse(content));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** How often each health checker asks for the object, counted from the last response. */
export const CONTROL_INTERVAL_SECONDS = 10;

/** Responses in a row that change what a checker says. */
export const CONTROL_THRESHOLD = 3;
