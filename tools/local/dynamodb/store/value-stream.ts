import { Stream } from 'node:stream';

/**
 * What dynalite reads a range from. It wants a stream to listen to first and values afterwards, so the values come when told to:
 * within the call that reads them, which keeps an error there, too.
 */
export class ValueStream extends Stream {
  #ended = false;

  constructor(readonly values: Iterable<unknown>) {
    super();
  }

  /** Emits the values until the reader has enough. */
  flow(): void {
    for (const value of this.values) {
      if (this.#ended) break;
      this.emit('data', value);
    }
    this.emit('end');
  }

  /** Called by dynalite once it has read enough. */
  destroy(): void {
    this.#ended = true;
  }
}
