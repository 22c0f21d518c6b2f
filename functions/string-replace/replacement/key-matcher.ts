import type { Run } from './vocabulary.ts';

/** Number of a key that is not there. */
export const noKey = -1;

/**
 * Finds which keys start where (Aho and Corasick, "Efficient string matching", 1975), on pieces instead of characters. It reads keys and text from the
 * end: what ends at a piece then is what starts there, and the longest is found without trying each.
 */
export class KeyMatcher {
  /** First state by piece: most of a text never gets further. */
  readonly #first: Int32Array;
  readonly #next: (Map<number, number> | undefined)[] = [undefined];
  readonly #fallback: number[] = [0];
  /** The longest key that ends in the state. */
  readonly #found: number[] = [noKey];
  readonly #longest: number[] = [];

  /**
   * @param keys - the pieces of each; of several alike the last counts
   * @param alphabet - larger than every piece
   */
  constructor(keys: readonly (readonly number[])[], alphabet: number) {
    this.#first = new Int32Array(alphabet);
    const edges: { readonly from: number; readonly piece: number; readonly to: number; readonly depth: number }[] = [];
    for (const [number, pieces] of keys.entries()) {
      let state = 0;
      for (let depth = 0; depth < pieces.length; depth++) {
        const piece = pieces[pieces.length - 1 - depth] ?? 0;
        let to = this.#edge(state, piece);
        if (to === 0) {
          to = this.#add(state, piece);
          edges.push({ from: state, piece, to, depth });
        }
        state = to;
      }
      this.#found[state] = number;
    }
    edges.sort((one, other) => one.depth - other.depth);
    for (const { from, piece, to, depth } of edges) {
      const fallback = depth === 0 ? 0 : this.#step(this.#fallback[from] ?? 0, piece);
      this.#fallback[to] = fallback;
      if (this.#found[to] === noKey) this.#found[to] = this.#found[fallback] ?? noKey;
    }
  }

  /** @returns for each piece of the run the longest key that starts there, or {@link noKey}; reused by the next call */
  longestKeys({ ids, length }: Run): readonly number[] {
    const longest = this.#longest;
    let state = 0;
    for (let index = length - 1; index >= 0; index--) {
      state = this.#step(state, ids[index] ?? 0);
      longest[index] = this.#found[state] ?? noKey;
    }
    return longest;
  }

  #step(from: number, piece: number): number {
    for (let state = from; state !== 0; state = this.#fallback[state] ?? 0) {
      const next = this.#next[state]?.get(piece);
      if (next !== undefined) return next;
    }
    return this.#first[piece] ?? 0;
  }

  #edge(state: number, piece: number): number {
    return (state === 0 ? this.#first[piece] : this.#next[state]?.get(piece)) ?? 0;
  }

  #add(from: number, piece: number): number {
    const to = this.#found.push(noKey) - 1;
    this.#fallback[to] = 0;
    this.#next[to] = undefined;
    if (from === 0) {
      this.#first[piece] = to;
    } else {
      const next = this.#next[from] ?? new Map<number, number>();
      next.set(piece, to);
      this.#next[from] = next;
    }
    return to;
  }
}
