import type { TableMessage } from '#local/page/messages.ts';
import { tables } from '#local/page/view/state/connection.ts';
import { useLoaded } from '#local/page/view/state/load.ts';

/** The items of each table, and in which region they are not (yet). */
export function Tables({ isOpen }: { readonly isOpen: boolean }) {
  const loaded = useLoaded(tables, isOpen);
  if (!loaded) return <p class="dim">Reading the tables …</p>;
  return (
    <>
      {[...loaded]
        .sort((one, other) => Number(isEmpty(one)) - Number(isEmpty(other)))
        .map((table) => (
          <Items key={table.name} table={table} />
        ))}
      <p class="dim">
        Filled by requests, or by <code>npx two-region local seed file.json</code>;{' '}
        <code>npx two-region local export</code> writes all of it.
      </p>
    </>
  );
}

const isEmpty = ({ primary, secondary }: TableMessage): boolean => primary.all + secondary.all === 0;

function Items({ table: { name, primary, secondary } }: { readonly table: TableMessage }) {
  const rows = merged(primary.items, secondary.items);
  const columns = [...new Set(rows.flatMap(({ item }) => Object.keys(item)))];
  return (
    <>
      <h3>
        {name}: {count(primary.all)} in primary, {count(secondary.all)} in secondary
      </h3>
      {rows.length > 0 && (
        <section class="scroll" tabIndex={0} aria-label={`Items of ${name}`}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
                <th scope="col">held by</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ text, item, regions }) => (
                <tr key={text}>
                  {columns.map((column) => (
                    <td key={column}>
                      <code>{shown(item[column])}</code>
                    </td>
                  ))}
                  <td class={regions === 'both' ? 'dim' : 'warn'}>{regions}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

type Item = TableMessage['primary']['items'][number];

interface Row {
  readonly text: string;
  readonly item: Item;
  readonly regions: 'both' | 'primary only' | 'secondary only';
}

/** Items that both regions hold alike, and those that one of them holds, which is what replication has still to do. */
function merged(primary: readonly Item[], secondary: readonly Item[]): readonly Row[] {
  const other = new Map(secondary.map((item) => [textOf(item), item]));
  const rows = primary.map((item): Row => {
    const text = textOf(item);
    return { text, item, regions: other.delete(text) ? 'both' : 'primary only' };
  });
  return [...rows, ...[...other].map(([text, item]): Row => ({ text, item, regions: 'secondary only' }))];
}

/** The same for the same attributes, in whatever order. */
const textOf = (item: Item): string => JSON.stringify(Object.entries(item).sort());

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const count = (items: number): string => `${items.toLocaleString('en')} ${items === 1 ? 'item' : 'items'}`;
