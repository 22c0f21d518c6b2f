import type { Item, ItemStore } from '#functions/ports/item-store.ts';
import type { ObjectStore } from '#functions/ports/object-store.ts';

/** A table in memory, and what is in it. */
export function inMemoryItemStore(): ItemStore & { readonly items: ReadonlyMap<string, Item> } {
  const items = new Map<string, Item>();
  return {
    items,
    get: async (id) => items.get(id),
    put: async (item) => {
      items.set(item.id, item);
    },
  };
}

/** A bucket in memory, and what is in it. */
export function inMemoryObjectStore(): ObjectStore & { readonly objects: ReadonlyMap<string, unknown> } {
  const objects = new Map<string, unknown>();
  return {
    objects,
    check: async () => undefined,
    putJson: async (key, value) => {
      objects.set(key, value);
    },
  };
}
