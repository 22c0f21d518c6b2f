import type { RegionType } from '../model/model.ts';
import type { ItemWrite } from './item-write.ts';

/**
 * Which write of an item each region holds. Both regions run in one process, so that counting the writes tells exactly which one was later.
 * A deleted item keeps its number, as a tombstone against older writes that are still on their way.
 */
export class WriteOrder {
  #last = 0;
  readonly #held: Readonly<Record<RegionType, Map<string, number>>> = { primary: new Map(), secondary: new Map() };

  /** Counts a write that a client made in this region. */
  next(region: RegionType, write: ItemWrite): number {
    this.#last += 1;
    this.#held[region].set(itemOf(write), this.#last);
    return this.#last;
  }

  /** Whether a write that arrives in this region is later than what it holds; if so, the region holds it from now on. */
  accept(region: RegionType, write: ItemWrite, order: number): boolean {
    const item = itemOf(write);
    if ((this.#held[region].get(item) ?? 0) >= order) return false;
    this.#held[region].set(item, order);
    return true;
  }

  /** For when no write is on its way: whatever arrives later is later. */
  forget(): void {
    this.#held.primary.clear();
    this.#held.secondary.clear();
  }
}

/** Table names hold no slash. */
const itemOf = ({ table, key }: ItemWrite): string => `${table}/${key}`;
