import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import { type JsonCall, type JsonInput, startJsonService } from '#local/aws-endpoint/json-protocol.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import type { Table } from '#local/model/model.ts';
import { checkInput, execute } from './execute.ts';
import type { ItemWrite } from './item-write.ts';
import { OPERATIONS, type Operation, type ResourcesOf, tableResources } from './operations.ts';

import { TableStore } from './table-store.ts';

interface DynamoDbOptions {
  /** For example `eu-central-1`. */
  readonly region: string;
  readonly tables: readonly Table[];
  readonly authorize: Authorize;
  readonly log: RuntimeLog;
}

/** One region's DynamoDB. */
export interface DynamoDbService extends HttpService {
  readonly region: string;
  readonly tables: readonly Table[];
  /**
   * Hears of each item that a client writes or deletes, within the write; not of what {@link replicate} writes.
   *
   * @returns a function that ends the subscription
   */
  onWrite(listener: (write: ItemWrite) => void): () => void;
  /** Writes what another region wrote. */
  replicate(write: ItemWrite): void;
}

/** Bytes (DynamoDB API Reference, "BatchWriteItem": a request may hold 16 MB). */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Starts one region's DynamoDB with the tables of the model, empty and in memory. dynalite checks inputs and runs operations. */
export async function startDynamoDb({ region, tables, authorize, log }: DynamoDbOptions): Promise<DynamoDbService> {
  const listeners = new Set<(write: ItemWrite) => void>();
  const store = new TableStore(tables, (write) => {
    for (const listener of listeners) listener(write);
  });
  const resourcesOf = tableResources(region, tables);
  const service = await startJsonService({
    service: 'dynamodb',
    region,
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    maxBodyBytes: MAX_REQUEST_BYTES,
    operations: new Map([...OPERATIONS].map(([name, operation]) => [name, prepare(resourcesOf, store, operation)])),
    authorize,
    log,
  });
  return {
    ...service,
    region,
    tables,
    onWrite: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replicate: (write) => store.replicate(write),
  };
}

function prepare(resourcesOf: ResourcesOf, store: TableStore, operation: Operation): (input: JsonInput) => JsonCall {
  return (input) => {
    const checked = checkInput(operation, store, input);
    return { resources: resourcesOf(checked), run: () => execute(operation, store, checked) };
  };
}
