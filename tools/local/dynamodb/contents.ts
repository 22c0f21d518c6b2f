import { errorReason } from '#functions/error-reason.ts';
import type { RegionContents } from '#local/data/contents.ts';
import { type Filling, nameEnding } from '#local/data/filling.ts';
import type { TableStore } from '#local/dynamodb/store/table-store.ts';
import type { Table } from '#local/model/model.ts';
import { checkInput, execute } from './execute.ts';
import { PUT } from './operations.ts';

/** Every item of every table. */
export function itemsOf(store: TableStore, tables: readonly Table[]): NonNullable<RegionContents['tables']> {
  return Object.fromEntries(
    tables.map(({ name }) => [
      name,
      store.items(name).map(([, item]) => {
        // An item is as DynamoDB has it: attribute → type → value.
        const attributes = Object.entries(item).map(([attribute, value]) => [attribute, Object(value)] as const);
        return Object.fromEntries(attributes);
      }),
    ]),
  );
}

/** Puts items as a client would, in one go; tables may be named by the end of their names. */
export function fillTables(
  store: TableStore,
  tables: readonly Table[],
  given: NonNullable<RegionContents['tables']>,
): Filling {
  const problems: string[] = [];
  const puts: (() => void)[] = [];
  const names = tables.map(({ name }) => name);
  for (const [table, items] of Object.entries(given)) {
    const TableName = nameEnding(names, table);
    if (TableName === undefined) {
      problems.push(`table ${table}: there is none; there are ${names.join(', ')}`);
      continue;
    }
    items.forEach((Item, at) => {
      const put = () => void execute(PUT, store, checkInput(PUT, store, { TableName, Item }));
      try {
        store.discarding(put);
        puts.push(put);
      } catch (error) {
        problems.push(`table ${table}, item ${at + 1}: ${errorReason(error)}`);
      }
    });
  }
  const write = async () => {
    store.atomically(() => {
      for (const put of puts) put();
    });
  };
  return { problems, write };
}
