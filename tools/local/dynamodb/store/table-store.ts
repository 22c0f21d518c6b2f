import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import type { Table } from '#local/model/model.ts';
import { ItemTable } from './item-table.ts';
import type { ItemWrite } from './item-write.ts';
import { describeTable, type FullDescription } from './table-description.ts';
import { ValueStream } from './value-stream.ts';

/** Bytes (DynamoDB Developer Guide, "Quotas", item size). */
const MAX_ITEM_SIZE = 409_600;

interface StoredTable {
  readonly description: FullDescription;
  /** The same as dynalite is told: local indexes hold whole items, as DynamoDB fetches from the table what they lack. */
  readonly seen: Dynalite.TableDescription;
  readonly items: ItemTable;
}

/**
 * Tables in memory, as the storage that dynalite's actions work on. Everything happens within the call: an action has the store for itself from
 * its first read to its last write, and what it throws reaches its caller.
 */
export class TableStore implements Dynalite.Store {
  readonly options = { maxItemSize: MAX_ITEM_SIZE };
  readonly tableDb: Dynalite.TableDb;
  readonly #tables = new Map<string, StoredTable>();
  readonly #onWrite: (write: ItemWrite) => void;
  readonly #keep: (writes: readonly ItemWrite[]) => void;
  #streams: ValueStream[] = [];
  /** Of the transaction that runs. */
  #held: ItemWrite[] | undefined;

  /**
   * @param onWrite - hears of each item that an action writes or deletes, in the order in which that happens
   * @param keep - takes writes before they are made, all of them or, when it throws, none
   */
  constructor(
    tables: readonly Table[],
    onWrite: (write: ItemWrite) => void,
    keep: (writes: readonly ItemWrite[]) => void = () => {},
  ) {
    this.#onWrite = onWrite;
    this.#keep = keep;
    for (const table of tables) this.add(table);
    this.tableDb = { createKeyStream: () => this.#opened(new ValueStream([...this.#tables.keys()].sort())) };
  }

  /** Makes a table, empty. One of that name which is there keeps its items, and gets the indexes of this one, with what is in them. */
  add(table: Table): void {
    const known = this.#tables.get(table.name);
    const made = this.#createTable(table);
    for (const [key, item] of known?.items.all() ?? []) made.items.replace(key, JSON.stringify(item));
    this.#tables.set(table.name, made);
  }

  getTable(name: string, ...rest: [Dynalite.Callback<unknown>] | [boolean, Dynalite.Callback<unknown>]): void {
    const callback = rest.length === 1 ? rest[0] : rest[1];
    const table = this.#tables.get(name);
    if (table) callback(null, table.seen);
    else callback(resourceNotFound());
  }

  has(name: string): boolean {
    return this.#tables.has(name);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  describe(name: string): FullDescription {
    const table = this.#tables.get(name);
    if (!table) throw resourceNotFound();
    return table.description;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  getItemDb(name: string): ItemTable {
    const items = this.#tables.get(name)?.items;
    if (!items) throw resourceNotFound();
    return items;
  }

  getIndexDb(_type: string, table: string, index: string): Dynalite.ItemDb {
    return this.getItemDb(table).index(index);
  }

  /**
   * Runs actions whose writes happen together or, when `run` throws, not at all. None of them sees what another one writes.
   *
   * @throws what `run` throws
   */
  atomically<Result>(run: () => Result): Result {
    const held: ItemWrite[] = [];
    this.#held = held;
    try {
      const result = run();
      this.#held = undefined;
      this.#make(held);
      return result;
    } finally {
      this.#held = undefined;
    }
  }

  /** Runs an action whose writes come to nothing. */
  discarding<Result>(run: () => Result): Result {
    const before = this.#held;
    this.#held = [];
    try {
      return run();
    } finally {
      this.#held = before;
    }
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

  /** Every item of a table, by dynalite's key, in the order of keys. @throws AwsError `ResourceNotFoundException` */
  items(table: string): readonly (readonly [key: string, item: Dynalite.Item])[] {
    return this.getItemDb(table).all();
  }

  /** Deletes every item of every table; `onWrite` hears of each. */
  clear(): void {
    for (const table of this.#tables.keys()) {
      this.#make(this.items(table).map(([key]) => ({ table, key, item: undefined })));
    }
  }

  /** Writes what another region wrote; `onWrite` doesn't hear of it. */
  replicate({ table, key, item }: ItemWrite): void {
    this.#tables.get(table)?.items.replace(key, item);
  }

  #createTable(table: Table): StoredTable {
    const description = describeTable(table);
    const { LocalSecondaryIndexes: local } = description;
    const whole = local?.map((index) => ({ ...index, Projection: { ProjectionType: 'ALL' } }));
    const seen = { ...description, ...(whole && { LocalSecondaryIndexes: whole }) };
    const items = new ItemTable({
      description: seen,
      opened: (stream) => this.#opened(stream),
      onWrite: (key, item) => this.#write({ table: table.name, key, item }),
    });
    return { description, seen, items };
  }

  #write(write: ItemWrite): void {
    if (this.#held) {
      this.#held.push(write);
      return;
    }
    this.#make([write]);
  }

  #make(writes: readonly ItemWrite[]): void {
    this.#keep(writes);
    for (const write of writes) {
      this.getItemDb(write.table).replace(write.key, write.item);
      this.#onWrite(write);
    }
  }

  #opened(stream: ValueStream): ValueStream {
    this.#streams.push(stream);
    return stream;
  }
}

/** DynamoDB's response to a table that isn't there. */
export const resourceNotFound = (which = ''): AwsError =>
  new AwsError(400, 'ResourceNotFoundException', `Requested resource not found${which}`);
