/** An item of a table: string attributes under the partition key `id`. */
export interface Item {
  readonly id: string;
  readonly [attribute: string]: string;
}

/** A table of items. */
export interface ItemStore {
  /**
   * Reads an item.
   *
   * @param signal - ends the read early
   * @returns undefined when there is none; attributes that aren't strings are left out
   */
  get(id: string, signal?: AbortSignal): Promise<Item | undefined>;

  /** Writes an item in place of the one with the same id. */
  put(item: Item): Promise<void>;
}
