import { SortedTexts } from './sorted-texts.ts';
import { ValueStream } from './value-stream.ts';

/** The items of one table, by dynalite's key. Kept as JSON text: dynalite changes the objects that it is given. */
export class ItemTable implements Dynalite.ItemDb {
  readonly #texts = new SortedTexts();
  readonly #opened: (stream: ValueStream) => ValueStream;
  readonly #onWrite: (key: string, item: string | undefined) => void;

  constructor(opened: (stream: ValueStream) => ValueStream, onWrite: (key: string, item: string | undefined) => void) {
    this.#opened = opened;
    this.#onWrite = onWrite;
  }

  get(key: string, callback: Dynalite.Callback<Dynalite.Item>): void {
    const text = this.#texts.get(key);
    callback(null, text === undefined ? undefined : JSON.parse(text));
  }

  put(key: string, item: Dynalite.Item, callback: Dynalite.Callback): void {
    this.#write(key, JSON.stringify(item));
    callback(null);
  }

  del(key: string, callback: Dynalite.Callback): void {
    this.#write(key, undefined);
    callback(null);
  }

  /** Nothing to wait for: an action runs from its first read to its last write in one go. */
  lock(_key: string, task: (release: (callback: Dynalite.Callback) => Dynalite.Callback) => void): void {
    task((callback) => callback);
  }

  createValueStream({ limit = -1, ...range }: Dynalite.RangeOptions = {}): ValueStream {
    return this.#opened(new ValueStream(this.#items(range, limit < 0 ? Number.POSITIVE_INFINITY : limit)));
  }

  /** Sets or deletes without a word. */
  replace(key: string, item: string | undefined): void {
    if (item === undefined) this.#texts.delete(key);
    else this.#texts.set(key, item);
  }

  #write(key: string, item: string | undefined): void {
    this.replace(key, item);
    this.#onWrite(key, item);
  }

  *#items(range: Dynalite.RangeOptions, limit: number): Generator<unknown> {
    let count = 0;
    for (const text of this.#texts.range(range)) {
      if (count === limit) return;
      count += 1;
      yield JSON.parse(text);
    }
  }
}
