interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  /** From the greatest key to the least. */
  readonly reverse?: boolean;
}

/** Texts by key, in the order of their keys (UTF-16 code units; dynalite's keys are ASCII). */
export class SortedTexts {
  readonly #texts = new Map<string, string>();
  /** Kept sorted, so that a range is found by halving; inserting moves memory, which is cheap up to millions of keys. */
  readonly #keys: string[] = [];

  get(key: string): string | undefined {
    return this.#texts.get(key);
  }

  /** In the order of keys. */
  *entries(): Generator<readonly [key: string, text: string]> {
    for (const key of this.#keys) {
      const text = this.#texts.get(key);
      if (text !== undefined) yield [key, text];
    }
  }

  set(key: string, text: string): void {
    if (!this.#texts.has(key)) this.#keys.splice(this.#countBelow(key), 0, key);
    this.#texts.set(key, text);
  }

  delete(key: string): void {
    if (this.#texts.delete(key)) this.#keys.splice(this.#countBelow(key), 1);
  }

  /** The texts whose keys are in the range. Nothing may be set or deleted while this runs. */
  *range({ gt, gte, lt, lte, reverse }: Range): Generator<string> {
    const from = Math.max(gt === undefined ? 0 : this.#countUpTo(gt), gte === undefined ? 0 : this.#countBelow(gte));
    const all = this.#keys.length;
    const to = Math.min(lt === undefined ? all : this.#countBelow(lt), lte === undefined ? all : this.#countUpTo(lte));
    for (let offset = 0; offset < to - from; offset += 1) {
      const key = this.#keys[reverse ? to - 1 - offset : from + offset];
      const text = key === undefined ? undefined : this.#texts.get(key);
      if (text !== undefined) yield text;
    }
  }

  #countBelow(bound: string): number {
    return this.#countWhile((key) => key < bound);
  }

  #countUpTo(bound: string): number {
    return this.#countWhile((key) => key <= bound);
  }

  /** How many keys from the start `holds` is true for; it must be true up to some key and false from there on. */
  #countWhile(holds: (key: string) => boolean): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.#keys[middle];
      if (key !== undefined && holds(key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
