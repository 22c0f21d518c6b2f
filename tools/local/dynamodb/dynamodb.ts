import { isDeepStrictEqual } from 'node:util';
import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import { type JsonCall, type JsonInput, startJsonService } from '#local/aws-endpoint/json-protocol.ts';
import type { RegionContents } from '#local/data/contents.ts';
import { type Kept, NOTHING_KEPT } from '#local/data/data-folder.ts';
import type { Filling } from '#local/data/filling.ts';
import type { ItemWrite } from '#local/dynamodb/store/item-write.ts';
import { TableStore } from '#local/dynamodb/store/table-store.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import type { Table } from '#local/model/model.ts';
import { fillTables, itemsOf } from './contents.ts';
import { checkInput, execute } from './execute.ts';
import { keepingWrites, keptItems } from './kept-items.ts';
import { OPERATIONS, type Operation, type ResourcesOf, tableResources } from './operations.ts';
import { namedTables } from './table-names.ts';
import { transactions } from './transactions.ts';

interface DynamoDbOptions {
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly tables: readonly Table[];
  readonly authorize: Authorize;
  /** @default - nothing outlives the runtime */
  readonly kept?: Kept;
  /** @default - any free one */
  readonly port?: number;
  readonly log: RuntimeLog;
}

/** One region's DynamoDB. */
export interface DynamoDbService extends HttpService, Tables {}

/** What a region's DynamoDB holds and does, whoever asks and however. */
export interface Tables {
  readonly region: string;
  /** Operation → its input's check. */
  readonly operations: ReadonlyMap<string, Prepare>;
  /** Those that are there now. */
  tables(): readonly Table[];
  /** Makes the tables that are not there yet, empty. */
  addTables(added: readonly Table[]): void;
  /**
   * Hears of each item that a client writes or deletes, within the write; not of what {@link replicate} writes.
   *
   * @returns a function that ends the subscription
   */
  onWrite(listener: (write: ItemWrite) => void): () => void;
  /** Writes what another region wrote. */
  replicate(write: ItemWrite): void;
  contents(): NonNullable<RegionContents['tables']>;
  fill(tables: NonNullable<RegionContents['tables']>): Filling;
  /** Deletes every item, as a client would. */
  reset(): void;
}

/** Bytes (DynamoDB API Reference, "BatchWriteItem": a request may hold 16 MB). */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Starts one region's DynamoDB with the tables of the model, in memory, with what was kept of them. dynalite checks inputs and runs operations. */
export async function startDynamoDb({ authorize, port, log, ...start }: DynamoDbOptions): Promise<DynamoDbService> {
  const tables = createTables(start);
  const service = await startJsonService({
    service: 'dynamodb',
    region: tables.region,
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    maxBodyBytes: MAX_REQUEST_BYTES,
    operations: tables.operations,
    authorize,
    ...(port !== undefined && { port }),
    log,
  });
  return { ...service, ...tables };
}

/** Makes the tables of one region, with what was kept of them. */
export function createTables({
  region,
  kept = NOTHING_KEPT,
  ...start
}: Pick<DynamoDbOptions, 'kept' | 'region' | 'tables'>): Tables {
  const tables = [...start.tables];
  const listeners = new Set<(write: ItemWrite) => void>();
  /** Of the function whose call runs at this moment. */
  let invocation: string | undefined;
  const tell = (write: ItemWrite) => {
    const told = invocation === undefined ? write : { ...write, invocation };
    for (const listener of listeners) listener(told);
  };
  const within = (caller: string | undefined, run: () => unknown): unknown => {
    invocation = caller;
    try {
      return run();
    } finally {
      invocation = undefined;
    }
  };
  const store = new TableStore(tables, tell, keepingWrites(kept, region, tables));
  const restore = (table: Table) => {
    for (const [key, item] of keptItems(kept, region, table)) {
      if (typeof item === 'string') store.replicate({ table: table.name, key, item });
    }
  };
  tables.forEach(restore);
  const resourcesOf = tableResources(region, tables);
  const operations = byName(region, within, [
    ...[...OPERATIONS].map(([name, operation]) => [name, prepare(resourcesOf, store, operation)] as const),
    ...transactions(resourcesOf, store),
  ]);
  return {
    region,
    operations,
    tables: () => tables,
    addTables: (added) => {
      for (const table of added) {
        const at = tables.findIndex(({ name }) => name === table.name);
        const known = tables[at];
        if (known === undefined) {
          store.add(table);
          tables.push(table);
          restore(table);
        } else if (!isDeepStrictEqual(known.globalIndexes, table.globalIndexes)) {
          store.add(table);
          tables[at] = table;
        }
      }
    },
    onWrite: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replicate: (write) => store.replicate(write),
    contents: () => itemsOf(store, tables),
    fill: (given) => fillTables(store, tables, given),
    reset: () => store.clear(),
  };
}

type Prepare = (input: JsonInput) => JsonCall;

/** Each operation, taking tables by their ARNs as well. */
function byName(
  region: string,
  within: (caller: string | undefined, run: () => unknown) => unknown,
  operations: readonly (readonly [string, Prepare])[],
): ReadonlyMap<string, Prepare> {
  return new Map(
    operations.map(([name, prepareNamed]) => [
      name,
      (given) => {
        const { input, restore } = namedTables(region, given);
        const call = prepareNamed(input);
        return { ...call, run: (caller) => restore(within(caller, () => call.run())) };
      },
    ]),
  );
}

function prepare(resourcesOf: ResourcesOf, store: TableStore, operation: Operation): Prepare {
  return (input) => {
    const checked = checkInput(operation, store, input);
    return { resources: resourcesOf(checked), run: () => execute(operation, store, checked) };
  };
}
