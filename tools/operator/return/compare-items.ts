import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  paginateListTables,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { HEARTBEAT } from '#functions/environment.ts';
import { unlessAbsent } from '#operator/aws/absent.ts';
import type { RegionType } from '#stacks/context.ts';

/** Tables with more items than this are not compared: they would have to be read as a whole, in both regions. */
export const COMPARED_ITEMS = 5000;

/** An item that the regions don't have alike, as JSON; `null` where a region lacks it. */
export interface DifferingItem {
  /** `id "a1B2"` */
  readonly key: string;
  readonly primary: string | null;
  readonly secondary: string | null;
}

/** One table as both regions have it. */
export interface ComparedTable {
  /** Its name in the code. */
  readonly table: string;
  /** Items of the region that has more; `null` where they are too many to compare. */
  readonly items: number | null;
  readonly differing: readonly DifferingItem[];
  /** Those that both regions have alike: key → item as JSON. */
  readonly alike: ReadonlyMap<string, string>;
}

type Clients = Readonly<Record<RegionType, DynamoDBClient>>;

/**
 * Compares every table whose name has the stage's prefix, of whichever region has it. Nothing is changed. Heartbeats are never the same for long, and
 * nobody's data.
 */
export async function compareTables(clients: Clients, prefix: string): Promise<readonly ComparedTable[]> {
  const found = new Set<string>();
  for (const client of [clients.primary, clients.secondary]) {
    for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
      for (const name of TableNames) {
        if (name.startsWith(prefix) && name !== `${prefix}${HEARTBEAT}`) found.add(name);
      }
    }
  }
  return Promise.all([...found].sort().map((name) => compareItems(clients, name, name.slice(prefix.length))));
}

async function compareItems(clients: Clients, physicalName: string, table: string): Promise<ComparedTable> {
  const read = (client: DynamoDBClient) => readItems(client, physicalName);
  const [primary, secondary] = await Promise.all([read(clients.primary), read(clients.secondary)]);
  if (primary === undefined || secondary === undefined) return { table, items: null, differing: [], alike: new Map() };
  const all = [...new Set([...primary.keys(), ...secondary.keys()])];
  const differing = all
    .map((key) => ({ key, primary: primary.get(key) ?? null, secondary: secondary.get(key) ?? null }))
    .filter((item) => item.primary !== item.secondary);
  const alike = new Map([...primary].filter(([key, item]) => secondary.get(key) === item));
  return { table, items: Math.max(primary.size, secondary.size), differing, alike };
}

/** @returns key → item as JSON; `undefined` where there are too many */
async function readItems(client: DynamoDBClient, TableName: string): Promise<ReadonlyMap<string, string> | undefined> {
  // A table that the region does not have has no items.
  const described = await unlessAbsent(client.send(new DescribeTableCommand({ TableName })));
  if (described === undefined) return new Map();
  const keys = (described.Table?.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []);
  const found = new Map<string, string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const item of Items) found.set(keyOf(item, keys), JSON.stringify(sorted(item)));
    if (found.size > COMPARED_ITEMS) return undefined;
  }
  return found;
}

type Item = Readonly<Record<string, AttributeValue>>;

function keyOf(item: Item, keys: readonly string[]): string {
  return keys.map((name) => `${name} ${JSON.stringify(item[name]?.S ?? item[name]?.N ?? null)}`).join(', ');
}

/** The order of attributes says nothing. */
function sorted(item: Item): Item {
  return Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));
}
