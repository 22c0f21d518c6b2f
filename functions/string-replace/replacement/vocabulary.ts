import { foldCase, foldUnit, isWordCharacter, manyUnits, noWord } from './characters.ts';
import { addToHash, WordTable } from './word-table.ts';

/** Pieces of a text that occur in some key and touch each other. The arrays are reused: only the first `length` elements count. */
export interface Run {
  length: number;
  readonly ids: number[];
  readonly starts: number[];
  /** Offset after the piece. */
  readonly ends: number[];
}

/** {@link Vocabulary} number of a piece that no key has. */
const none = -1;
const asciiCharacters = 128;

/**
 * Numbers the pieces that keys are made of: whole words, and the single characters between them. A character counts as different pieces by what it touches
 * (nothing, a word before, after, both), so that a sequence of pieces is equal only where no word sticks out at either end.
 */
export class Vocabulary {
  readonly #words = new WordTable();
  readonly #characters = new Map<number, number>();
  /** The same for ASCII, without hashing. */
  readonly #asciiPieces = new Int32Array(asciiCharacters * 4).fill(none);
  #size = 0;

  /** How many pieces there are; their numbers are smaller. */
  get size(): number {
    return this.#size;
  }

  /** @returns the key's pieces, all of them, in order */
  learn(key: string): readonly number[] {
    let pieces: readonly number[] = [];
    this.#scan(key, true, ({ ids }) => {
      pieces = ids;
    });
    return pieces;
  }

  /** Calls `onRun` for each longest run of touching pieces, in order. */
  recognize(text: string, onRun: (run: Run) => void): void {
    this.#scan(text, false, onRun);
  }

  #scan(text: string, learning: boolean, onRun: (run: Run) => void): void {
    const run: Run = { length: 0, ids: [], starts: [], ends: [] };
    const { length } = text;
    const withCharacters = learning || this.#characters.size > 0;
    let position = 0;
    let afterWord = false;
    while (position < length) {
      const start = position;
      let hash = 0;
      let isPlain = true;
      while (position < length) {
        const folded = foldUnit(text.charCodeAt(position));
        if (folded === noWord) break;
        if (folded === manyUnits) {
          const codePoint = text.codePointAt(position) ?? 0;
          if (!isWordCharacter(codePoint)) break;
          isPlain = false;
          position += codePoint > 0xffff ? 2 : 1;
        } else {
          hash = addToHash(hash, folded);
          position += 1;
        }
      }
      let id = none;
      if (position > start) {
        const isLookedUp = isPlain && !learning;
        id = isLookedUp
          ? (this.#words.find(text, start, position, hash) ?? none)
          : this.#word(text.slice(start, position), learning);
        afterWord = true;
      } else {
        const codePoint = text.codePointAt(position) ?? 0;
        position += codePoint > 0xffff ? 2 : 1;
        if (withCharacters) {
          const beforeWord = position < length && isWordCharacter(text.codePointAt(position) ?? 0);
          id = this.#character(codePoint, (afterWord ? 2 : 0) + (beforeWord ? 1 : 0), learning);
        }
        afterWord = false;
      }
      if (id === none) continue;
      if (run.length > 0 && run.ends[run.length - 1] !== start) {
        onRun(run);
        run.length = 0;
      }
      run.ids[run.length] = id;
      run.starts[run.length] = start;
      run.ends[run.length] = position;
      run.length += 1;
    }
    if (run.length > 0) onRun(run);
  }

  #word(word: string, learning: boolean): number {
    const folded = foldCase(word);
    const known = this.#words.idOf(folded);
    if (known !== undefined) return known;
    if (!learning) return none;
    this.#words.add(folded, this.#size);
    return this.#size++;
  }

  #character(codePoint: number, touches: number, learning: boolean): number {
    const isAscii = codePoint < asciiCharacters;
    if (isAscii && !learning) return this.#asciiPieces[codePoint * 4 + touches] ?? none;
    const folded = isAscii ? codePoint : (foldCase(String.fromCodePoint(codePoint)).codePointAt(0) ?? 0);
    const piece = folded * 4 + touches;
    const known = this.#characters.get(piece);
    if (known !== undefined) return known;
    if (!learning) return none;
    this.#characters.set(piece, this.#size);
    if (isAscii) this.#asciiPieces[piece] = this.#size;
    return this.#size++;
  }
}
