import type { Kept } from '#local/data/data-folder.ts';
import type { ItemWrite } from '#local/dynamodb/store/item-write.ts';
import type { Table } from '#local/model/model.ts';

/** Container of a table in the journal. What regions replicate stands there once, as whoever wrote last: after a restart all of it has arrived. */
const containerOf = (region: string, { name, global }: Pick<Table, 'global' | 'name'>): string =>
  `${global ? 'global' : region}/${name}`;

/** The items that a table holds after a restart, as JSON text by dynalite's key. */
export function keptItems(kept: Kept, region: string, table: Table): ReadonlyMap<string, unknown> {
  return kept.read(containerOf(region, table));
}

/** Keeps the writes of a region's clients. @param tables - as they are now */
export function keepingWrites(
  kept: Kept,
  region: string,
  tables: readonly Table[],
): (writes: readonly ItemWrite[]) => void {
  return (writes) =>
    kept.keep(
      writes.map(({ table: name, key, item }) => {
        const table = tables.find((each) => each.name === name) ?? { name, global: false };
        return { container: containerOf(region, table), id: key, value: item ?? null };
      }),
    );
}
