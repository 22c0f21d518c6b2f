import type { LiveRegion } from '#operator/live/live-region.ts';

/**
 * Says where writes are held, as a planned move of traffic holds them while it goes on, or left them when it was killed.
 *
 * @param regions - those that answer
 * @param flags - what commands need besides the stage's name
 */
export function heldWrites(stage: string, regions: readonly LiveRegion[], flags: string): readonly string[] {
  return regions.flatMap(({ target: { region, regionType }, environments }) => {
    const held = environments.flatMap(({ name, stages: { rest, http } }) => {
      const routes = (rest?.held ?? 0) + (http?.held ?? 0);
      return routes === 0 ? [] : [`${routes} routes of ${name}`];
    });
    if (held.length === 0) return [];
    return [
      `Writes are held in ${region}: ${held.join(', ')} respond with 429. Either route-away --drain is at work, or it was killed; then the same command lets them ` +
        `again: two-region route-away ${stage} ${regionType} --drain${flags}`,
    ];
  });
}
