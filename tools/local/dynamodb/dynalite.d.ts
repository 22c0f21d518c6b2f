/**
 * The parts of dynalite 4 (CommonJS, without types) that serve one operation on a store: the shape of its input, its checks, and the action itself.
 * The store's side is declared as far as the operations on items need it.
 */
declare namespace Dynalite {
  type Callback<Result = void> = (error: unknown, result?: Result) => void;

  /** Attribute name → `{ S: … }`. */
  type Item = Record<string, unknown>;

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

declare module 'dynalite/actions/*.js' {
  const action: Dynalite.Action;
  export default action;
}

declare module 'dynalite/validations/*.js' {
  const rules: Dynalite.InputRules & Dynalite.Validations;
  export default rules;
}
