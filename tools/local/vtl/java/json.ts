import { bounded, TemplateInputError } from '#local/vtl/limits.ts';
import { DOCUMENT_LIST, JavaList, JavaMap } from './collections.ts';
import { JavaDouble, type JavaNumber, wholeNumber } from './numbers.ts';
import { JavaObject, textOf, type Value } from './value.ts';

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN_TEXT = /"[ !#-[\]-\uffff]*"/y;
const ESCAPED_TEXT = /"(?:[ !#-[\]-\uffff]|\\.)*"/y;
const BLANKS = /[ \t\n\r]*/y;

/**
 * Reads a JSON document as Java's parsers do: the keys in their order, whole numbers exact however large, `1.0` a double.
 *
 * @throws SyntaxError when it isn't JSON, or is nested too deeply
 */
export function parseJson(text: string): Value {
  try {
    const reader = new JsonReader(text);
    const value = reader.readValue();
    reader.expectEnd();
    return value;
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('it is nested too deeply', { cause: error });
    // The engine's own words for what is wrong.
    JSON.parse(text);
    throw error;
  }
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readValue(): Value {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#readMap();
      case '[':
        return this.#readList();
      case '"':
        return this.#readText();
      case 't':
        return this.#readWord('true', true);
      case 'f':
        return this.#readWord('false', false);
      case 'n':
        return this.#readWord('null', null);
      default:
        return this.#readNumber();
    }
  }

  expectEnd(): void {
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail();
  }

  #readMap(): JavaMap {
    const map = new JavaMap();
    this.#at++;
    if (this.#skip('}')) return map;
    do {
      this.#skipBlanks();
      const key = this.#readText();
      if (!this.#skip(':')) this.#fail();
      map.put(key, this.readValue());
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#fail();
    return map;
  }

  #readList(): JavaList {
    const items: Value[] = [];
    this.#at++;
    if (this.#skip(']')) return new JavaList(items, DOCUMENT_LIST);
    do items.push(this.readValue());
    while (this.#skip(','));
    if (!this.#skip(']')) this.#fail();
    return new JavaList(items, DOCUMENT_LIST);
  }

  #readText(): string {
    const plain = this.#match(PLAIN_TEXT);
    if (plain !== undefined) return plain.slice(1, -1);
    const text: unknown = JSON.parse(this.#match(ESCAPED_TEXT) ?? this.#fail());
    return typeof text === 'string' ? text : this.#fail();
  }

  #readNumber(): JavaNumber {
    const digits = this.#match(NUMBER);
    if (digits === undefined || digits === '') return this.#fail();
    if (/[.eE]/.test(digits)) return new JavaDouble(Number(digits));
    return digits.length < 10 ? Number(digits) + 0 : wholeNumber(BigInt(digits));
  }

  #readWord<T extends boolean | null>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail();
    this.#at += word.length;
    return value;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return undefined;
    const from = this.#at;
    this.#at = pattern.lastIndex;
    return this.#text.slice(from, this.#at);
  }

  #skip(character: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at;
    BLANKS.test(this.#text);
    this.#at = BLANKS.lastIndex;
  }

  #fail(): never {
    throw new SyntaxError(`no JSON at position ${this.#at}`);
  }
}

/** Without blanks. What JSON has no words for becomes its text. @throws TemplateInputError when it is nested too deeply */
export function printJson(value: Value): string {
  try {
    return bounded(print(value));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TemplateInputError('Could not parse request body into json: it is nested too deeply.');
  }
}

function print(value: Value): string {
  if (value instanceof JavaMap)
    return `{${value.entries.map((entry) => `${JSON.stringify(textOf(entry.key))}:${print(entry.value)}`).join(',')}}`;
  if (value instanceof JavaList) return `[${value.items.map(print).join(',')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (!(value instanceof JavaObject)) return String(value);
  const text = textOf(value);
  return value.className.startsWith('java.lang.') && Number.isFinite(Number(text)) && text !== ''
    ? text
    : JSON.stringify(text);
}
