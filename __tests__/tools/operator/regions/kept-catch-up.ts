import type { CatchUpItem, CatchUpStore } from '#operator/regions/catch-up.ts';
import type { RegionType } from '#stacks/context.ts';

/** What the regions have to catch up on, in memory. */
export function keptCatchUp(given: Partial<Record<RegionType, readonly CatchUpItem[]>> = {}): CatchUpStore {
  const kept = new Map<RegionType, readonly CatchUpItem[]>();
  for (const lost of ['primary', 'secondary'] as const) kept.set(lost, given[lost] ?? []);
  return {
    read: async (lost) => kept.get(lost) ?? [],
    write: async (lost, items) => {
      kept.set(lost, items);
    },
  };
}
