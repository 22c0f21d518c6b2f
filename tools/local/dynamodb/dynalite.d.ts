/**
 * The parts of dynalite 4 (CommonJS, without types) that serve one operation on a store: the shape of its input, its checks, and the action itself.
 * The store's side is declared as far as the operations on items need it.
 */
declare namespace Dynalite {
  type Callback<Result = void> = (error: unknown, result?: Result) => void;

  /** Attribute name → `{ S: … }`. */
  type Item = Record<string, unknown>;

  interface IndexDescription {
    readonly IndexName: string;
    readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
    readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
  }

  /** A table as DescribeTable answers it. */
  interface TableDescription {
    readonly TableName: string;
    readonly KeySchema: IndexDescription['KeySchema'];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
    readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
    readonly LocalSecondaryIndexes?: readonly IndexDescription[];
  }

  interface RangeOptions {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly reverse?: boolean;
    /** Negative: no limit. */
    readonly limit?: number;
  }

  interface ItemDb {
    get(key: string, callback: Callback<Item>): void;
    put(key: string, item: Item, callback: Callback): void;
    del(key: string, callback: Callback): void;
    lock(key: string, task: (release: (callback: Callback) => Callback) => void): void;
    createValueStream(options?: RangeOptions): import('node:stream').Stream;
  }

  interface TableDb {
    /** Names of the tables. */
    createKeyStream(): import('node:stream').Stream;
  }

  interface Store {
    readonly options: { readonly maxItemSize: number };
    readonly tableDb: TableDb;
    getItemDb(table: string): ItemDb;
    getIndexDb(type: string, table: string, index: string): ItemDb;
    getTable(name: string, callback: Callback<unknown>): void;
    getTable(name: string, activeOnly: boolean, callback: Callback<unknown>): void;
  }

  type Action = (store: Store, input: Item, callback: Callback<unknown>) => void;

  interface InputRules {
    readonly types: Readonly<Record<string, unknown>>;
    readonly custom?: (input: Item, store: Store) => string | undefined;
  }

  interface Validations {
    /** Answers a copy that holds what `types` names. Throws what `isDynaliteError` knows. */
    checkTypes(input: Item, types: InputRules['types']): Item;
    checkValidations(input: Item, types: InputRules['types'], custom: InputRules['custom'], store: Store): void;
  }
}

declare module 'dynalite/db/index.js' {
  const db: {
    /** The name of an item within its table. */
    createKey(keyOrItem: Dynalite.Item, table: Dynalite.TableDescription): string;
    /** The error of a key that isn't the table's. */
    validateKey(key: Dynalite.Item, table: Dynalite.TableDescription): Error | null | undefined;
    /** What a write changes in indexes. */
    getIndexActions(
      indexes: readonly Dynalite.IndexDescription[],
      existingItem: Dynalite.Item | undefined,
      item: Dynalite.Item | undefined,
      table: Dynalite.TableDescription,
    ): {
      readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Dynalite.Item }[];
      readonly deletes: readonly { readonly index: string; readonly key: string }[];
    };
  };
  export default db;
}

declare module 'dynalite/actions/*.js' {
  const action: Dynalite.Action;
  export default action;
}

declare module 'dynalite/validations/*.js' {
  const rules: Dynalite.InputRules & Dynalite.Validations;
  export default rules;
}
