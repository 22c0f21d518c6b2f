import { randomUUID } from 'node:crypto';
import type { Table } from '#local/model/model.ts';
import { ItemTable } from './item-table.ts';
import type { ItemWrite } from './item-write.ts';
import { resourceNotFound } from './resource-not-found.ts';
import { ValueStream } from './value-stream.ts';

/** Bytes (DynamoDB Developer Guide, "Quotas", item size). */
const MAX_ITEM_SIZE = 409_600;

/**
 * Tables in memory, as the storage that dynalite's actions work on. Everything happens within the call: an action has the store for itself from
 * its first read to its last write, and what it throws reaches its caller.
 */
export class TableStore implements Dynalite.Store {
  readonly options = { maxItemSize: MAX_ITEM_SIZE };
  readonly tableDb: Dynalite.TableDb;
  readonly #tables: ReadonlyMap<string, { readonly description: unknown; readonly items: ItemTable }>;
  #streams: ValueStream[] = [];

  /** @param onWrite - hears of each item that an action writes or deletes, in the order in which that happens */
  constructor(tables: readonly Table[], onWrite: (write: ItemWrite) => void) {
    const opened = (stream: ValueStream): ValueStream => {
      this.#streams.push(stream);
      return stream;
    };
    this.#tables = new Map(
      tables.map((table) => {
        const items = new ItemTable(opened, (key, item) => onWrite({ table: table.name, key, item }));
        return [table.name, { description: describeTable(table), items }];
      }),
    );
    this.tableDb = { createKeyStream: () => opened(new ValueStream([...this.#tables.keys()].sort())) };
  }

  getTable(name: string, ...rest: [Dynalite.Callback<unknown>] | [boolean, Dynalite.Callback<unknown>]): void {
    const callback = rest.length === 1 ? rest[0] : rest[1];
    const table = this.#tables.get(name);
    if (table) callback(null, table.description);
    else callback(resourceNotFound(name));
  }

  getItemDb(table: string): ItemTable {
    const items = this.#tables.get(table)?.items;
    if (!items) throw resourceNotFound(table);
    return items;
  }

  /** Lets the streams flow that an action opened; called when the action has returned. */
  flow(): void {
    while (this.#streams.length > 0) {
      const streams = this.#streams;
      this.#streams = [];
      for (const stream of streams) stream.flow();
    }
  }

  /** Forgets streams that an action opened before it threw. */
  dropStreams(): void {
    this.#streams = [];
  }

  /** Writes what another region wrote; `onWrite` doesn't hear of it. */
  replicate({ table, key, item }: ItemWrite): void {
    this.#tables.get(table)?.items.replace(key, item);
  }
}

/** A table as DescribeTable answers it and dynalite looks up keys in it (DynamoDB API Reference, "TableDescription"). */
function describeTable({ name, arn, hashKey, rangeKey, attributes }: Table): Record<string, unknown> {
  const range = rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: 'RANGE' }];
  return {
    TableName: name,
    TableArn: arn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: Date.now() / 1000,
    AttributeDefinitions: attributes.map((attribute) => ({
      AttributeName: attribute.name,
      AttributeType: attribute.type,
    })),
    KeySchema: [{ AttributeName: hashKey, KeyType: 'HASH' }, ...range],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ItemCount: 0,
    TableSizeBytes: 0,
  };
}
