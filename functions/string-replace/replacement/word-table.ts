import { foldUnit } from './characters.ts';

const initialSlots = 1024;

/** Adds a folded unit to the hash of those before; a word's hash starts at 0. */
export function addToHash(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01_00_01_93) ^ (hash >>> 15);
}

/**
 * Folded words → numbers. A word of a text is found by the hash that comes of reading it, so that the many that are in no key cost neither a copy nor a
 * folded string.
 */
export class WordTable {
  readonly #idByWord = new Map<string, number>();
  readonly #words: string[] = [];
  readonly #ids: number[] = [];
  readonly #hashes: number[] = [];
  /** Index of a word + 1; open addressing, at most a quarter full. */
  #slots = new Int32Array(initialSlots);

  idOf(folded: string): number | undefined {
    return this.#idByWord.get(folded);
  }

  add(folded: string, id: number): void {
    let hash = 0;
    for (let index = 0; index < folded.length; index++) hash = addToHash(hash, folded.charCodeAt(index));
    this.#idByWord.set(folded, id);
    this.#words.push(folded);
    this.#ids.push(id);
    this.#hashes.push(hash);
    if (this.#words.length * 4 > this.#slots.length) this.#grow();
    else this.#place(this.#words.length - 1);
  }

  /** @param hash - of the folded units from `start` to `end`, each of which folds to one */
  find(text: string, start: number, end: number, hash: number): number | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0) return undefined;
      if (this.#hashes[index] === hash && this.#isWord(index, text, start, end)) return this.#ids[index];
    }
  }

  #isWord(index: number, text: string, start: number, end: number): boolean {
    const word = this.#words[index] ?? '';
    if (word.length !== end - start) return false;
    for (let at = 0; at < word.length; at++) {
      if (foldUnit(text.charCodeAt(start + at)) !== word.charCodeAt(at)) return false;
    }
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#words.length; index++) this.#place(index);
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[index] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }
}
