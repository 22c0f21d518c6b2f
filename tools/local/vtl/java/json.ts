import { bounded, TemplateInputError } from '#local/vtl/limits.ts';
import { DOCUMENT_LIST, JavaList, JavaMap } from './collections.ts';
import { fromPlain } from './from-plain.ts';
import { isNumber, JavaDouble, type JavaNumber, wholeNumber } from './numbers.ts';
import { JavaObject, textOf, type Value } from './value.ts';

const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPED_TEXT = /"(?:[^"\\]|\\.)*"/y;

/** Numbers that JavaScript's own parser would not keep as Java prints them, and keys that it would put in another order. */
const INEXACT = /(?:[:,[\s]-?|^-?)(?:\d{16}|\d{8,}\.|\d+\.0+(?!\d)|0\.00|\d+\.\d{9}|\d+(?:\.\d+)?[eE])|"\d+"\s*:/;

/**
 * Reads a JSON document as Java's parsers do: the keys in their order, whole numbers exact however large, `1.0` a double.
 *
 * @throws SyntaxError when it isn't JSON, or is nested too deeply
 */
export function parseJson(text: string): Value {
  const parsed: unknown = JSON.parse(text);
  if (!INEXACT.test(text)) return fromPlain(parsed);
  try {
    return new JsonReader(text).readValue();
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('it is nested too deeply', { cause: error });
    throw error;
  }
}

/** Reads what is known to be JSON. */
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

  #readMap(): JavaMap {
    const map = new JavaMap();
    this.#at++;
    if (this.#skip('}')) return map;
    do {
      this.#skipBlanks();
      const key = this.#readText();
      this.#skip(':');
      map.put(key, this.readValue());
    } while (this.#skip(','));
    this.#skip('}');
    return map;
  }

  #readList(): JavaList {
    const items: Value[] = [];
    this.#at++;
    if (this.#skip(']')) return new JavaList(items, DOCUMENT_LIST);
    do items.push(this.readValue());
    while (this.#skip(','));
    this.#skip(']');
    return new JavaList(items, DOCUMENT_LIST);
  }

  #readText(): string {
    const end = this.#text.indexOf('"', this.#at + 1);
    const plain = this.#text.slice(this.#at + 1, end);
    if (!plain.includes('\\')) {
      this.#at = end + 1;
      return plain;
    }
    return String(JSON.parse(this.#match(ESCAPED_TEXT)));
  }

  #readNumber(): JavaNumber {
    const digits = this.#match(NUMBER);
    if (/[.eE]/.test(digits)) return new JavaDouble(Number(digits));
    return digits.length < 10 ? Number(digits) + 0 : wholeNumber(BigInt(digits));
  }

  #readWord<T extends boolean | null>(word: string, value: T): T {
    this.#at += word.length;
    return value;
  }

  #match(pattern: RegExp): string {
    const from = this.#at;
    pattern.lastIndex = from;
    pattern.test(this.#text);
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
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
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
  if (typeof value === 'string') return quote(value);
  if (value instanceof JavaMap) return value.unread ? JSON.stringify(value.unread) : printMap(value);
  if (value instanceof JavaList)
    return value.unread ? JSON.stringify(value.unread) : `[${value.items.map(print).join(',')}]`;
  if (!(value instanceof JavaObject)) return String(value);
  const text = textOf(value);
  return isNumber(value) && Number.isFinite(Number(text)) ? text : quote(text);
}

function printMap(map: JavaMap): string {
  let members = '';
  for (const { key, value } of map.entries)
    members += `${members === '' ? '' : ','}${quote(textOf(key))}:${print(value)}`;
  return `{${members}}`;
}

/** Most texts have nothing to escape. */
function quote(text: string): string {
  return /^[ !#-[\]-\ud7ff]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}
