import { errorReason } from '#functions/error-reason.ts';
import { compileModel } from '#local/gateway/validation/compile-model.ts';
import type { LiveRegion } from '#operator/live/live-region.ts';

/** How many items of each table are read at most: one page of a scan, in whatever order the table has. */
export const SAMPLE_ITEMS = 100;

/** Reads some items of a table of one region, as plain values. `undefined` where there is no such table. */
export type SampleTable = (tableName: string, limit: number) => Promise<readonly StoredItem[] | undefined>;

export type StoredItem = Readonly<Record<string, unknown>>;

/** What came of reading one environment's data with the schemas of another. */
export interface DataSample {
  /** Table → how many items were read. */
  readonly read: Readonly<Record<string, number>>;
  /** What the environment that is to go live could not read, in sentences. */
  readonly problems: readonly string[];
}

/**
 * Reads a sample of each table that an environment works on, and holds it against the schemas that its release recorded: whatever the other
 * environment wrote, this one has to read, be it newer (a switch) or older (a rollback).
 *
 * @param region - whose records and tables are asked
 * @param environment - that is to go live
 * @param sample - reads a table, by its name in the code
 */
export async function sampleData(region: LiveRegion, environment: string, sample: SampleTable): Promise<DataSample> {
  const record = region.environments.find(({ name }) => name === environment)?.record;
  const schemas = new Map(
    Object.values(record?.functions ?? {}).flatMap(({ tables }) =>
      Object.entries(tables).flatMap(([table, { item, ...keys }]) =>
        item === undefined ? [] : [[table, { item, ...keys }]],
      ),
    ),
  );
  const found = await Promise.all(
    [...schemas].map(async ([table, schema]): Promise<DataSample> => {
      try {
        const items = await sample(table, SAMPLE_ITEMS);
        if (items === undefined) return { read: {}, problems: [] };
        return { read: { [table]: items.length }, problems: unreadable(environment, table, schema, items) };
      } catch (error) {
        return { read: {}, problems: [`The table ${table} could not be sampled: ${errorReason(error)}`] };
      }
    }),
  );
  return {
    read: Object.assign({}, ...found.map(({ read }) => read)),
    problems: found.flatMap(({ problems }) => problems),
  };
}

interface TableSchema {
  readonly item: string;
  readonly partitionKey: string;
  readonly sortKey?: string | undefined;
}

function unreadable(
  environment: string,
  table: string,
  { item: schema, partitionKey, sortKey }: TableSchema,
  items: readonly StoredItem[],
): readonly string[] {
  const violations = compileModel(schema, {});
  const broken = items.flatMap((item) => {
    const [first] = violations(item);
    return first === undefined ? [] : [{ item, first }];
  });
  const [example] = broken;
  if (example === undefined) return [];
  const key = [partitionKey, ...(sortKey === undefined ? [] : [sortKey])]
    .map((name) => `${name} ${JSON.stringify(example.item[name])}`)
    .join(', ');
  return [
    `${environment} could not read ${broken.length} of ${items.length} sampled items of the table ${table}, such as ${key}: ${example.first}`,
  ];
}

/** `Read 120 items of table-a, user with the schemas of envA.` @returns `undefined` where nothing was read */
export function describeSample({ read }: DataSample, environment: string): string | undefined {
  const tables = Object.entries(read).map(([table, items]) => `${table} ${items}`);
  return tables.length === 0
    ? undefined
    : `Read items with what ${environment} knows of them (${tables.join(', ')}; at most ${SAMPLE_ITEMS} of a table).`;
}
