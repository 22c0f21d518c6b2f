import db from 'dynalite/db/index.js';
import { SortedTexts } from './sorted-texts.ts';
import { ValueStream } from './value-stream.ts';

/** What dynalite's actions do with a table's items, and what they are told. */
interface ItemTableOptions {
  readonly description: Dynalite.TableDescription;
  /** Hears of each stream that an action opens. */
  readonly opened: (stream: ValueStream) => ValueStream;
  /** Takes what an action writes; undefined: a delete. */
  readonly onWrite: (key: string, item: string | undefined) => void;
}

/**
 * The items of one table, by dynalite's key, with its indexes. Kept as JSON text: dynalite changes the objects that it is given. Indexes follow
 * whatever is written, so that what arrives from another region is in them as well.
 */
export class ItemTable implements Dynalite.ItemDb {
  readonly #texts = new SortedTexts();
  readonly #indexes = new Map<string, SortedTexts>();
  readonly #options: ItemTableOptions;

  constructor(options: ItemTableOptions) {
    this.#options = options;
    for (const { IndexName } of this.#descriptions()) this.#indexes.set(IndexName, new SortedTexts());
  }

  get(key: string, callback: Dynalite.Callback<Dynalite.Item>): void {
    callback(null, this.read(key));
  }

  read(key: string): Dynalite.Item | undefined {
    const text = this.#texts.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  all(): readonly (readonly [key: string, item: Dynalite.Item])[] {
    return [...this.#texts.entries()].map(([key, text]) => [key, JSON.parse(text)]);
  }

  put(key: string, item: Dynalite.Item, callback: Dynalite.Callback): void {
    this.#options.onWrite(key, JSON.stringify(item));
    callback(null);
  }

  del(key: string, callback: Dynalite.Callback): void {
    this.#options.onWrite(key, undefined);
    callback(null);
  }

  /** Nothing to wait for: an action runs from its first read to its last write in one go. */
  lock(_key: string, task: (release: (callback: Dynalite.Callback) => Dynalite.Callback) => void): void {
    task((callback) => callback);
  }

  createValueStream(options?: Dynalite.RangeOptions): ValueStream {
    return this.#stream(this.#texts, options);
  }

  /** An index as dynalite reads it; that it writes there as well is for nothing. */
  index(name: string): Dynalite.ItemDb {
    const texts = this.#indexes.get(name) ?? new SortedTexts();
    return {
      get: (key, callback) => {
        const text = texts.get(key);
        callback(null, text === undefined ? undefined : JSON.parse(text));
      },
      put: (_key, _item, callback) => callback(null),
      del: (_key, callback) => callback(null),
      lock: (_key, task) => task((callback) => callback),
      createValueStream: (options) => this.#stream(texts, options),
    };
  }

  /** Sets or deletes. */
  replace(key: string, text: string | undefined): void {
    if (this.#indexes.size > 0) this.#reindex(this.read(key), text === undefined ? undefined : JSON.parse(text));
    if (text === undefined) this.#texts.delete(key);
    else this.#texts.set(key, text);
  }

  #reindex(before: Dynalite.Item | undefined, after: Dynalite.Item | undefined): void {
    const { description } = this.#options;
    const { puts, deletes } = db.getIndexActions(this.#descriptions(), before, after, description);
    for (const { index, key } of deletes) this.#indexes.get(index)?.delete(key);
    for (const { index, key, item } of puts) this.#indexes.get(index)?.set(key, JSON.stringify(item));
  }

  #descriptions(): readonly Dynalite.IndexDescription[] {
    const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = this.#options.description;
    return [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
  }

  #stream(texts: SortedTexts, { limit = -1, ...range }: Dynalite.RangeOptions = {}): ValueStream {
    return this.#options.opened(new ValueStream(itemsOf(texts, range, limit < 0 ? Number.POSITIVE_INFINITY : limit)));
  }
}

function* itemsOf(texts: SortedTexts, range: Dynalite.RangeOptions, limit: number): Generator<unknown> {
  let count = 0;
  for (const text of texts.range(range)) {
    if (count === limit) return;
    count += 1;
    yield JSON.parse(text);
  }
}
