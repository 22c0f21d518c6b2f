import { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { numberText } from '#local/terraform/expression/value/number-text.ts';
import {
  isNull,
  LazyObject,
  Mapping,
  Placeholder,
  Sensitive,
  Sequence,
  type Value,
} from '#local/terraform/expression/value/value.ts';

/** Lines of quoted text are broken at a space behind this column. Source: libyaml. */
const BEST_WIDTH = 80;
/** A longer key stands behind a question mark. */
const LONGEST_SIMPLE_KEY = 128;

/** What `yamlencode` writes, which hashes and comparisons see byte by byte: the block style of libyaml, texts in double quotes. */
export function encodeYaml(value: Value): string {
  const emitter = new Emitter();
  emitter.node(value, -1, false);
  return emitter.end();
}

class Emitter {
  #text = '';
  #column = 0;
  /** Nothing but indicators and white space stands before on the line. */
  #isIndention = true;
  #isWhitespace = true;
  #isOpenEnded = false;

  end(): string {
    if (this.#isOpenEnded) {
      this.#indent(0);
      this.#put('...');
      this.#isIndention = false;
    }
    this.#indent(0);
    return this.#text;
  }

  node(value: Value, indent: number, isInMapping: boolean): void {
    if (value instanceof Sensitive) this.node(value.value, indent, isInMapping);
    else if (value instanceof LazyObject) this.node(value.resolve(), indent, isInMapping);
    else if (value instanceof Sequence) this.#sequence(value, indent, isInMapping);
    else if (value instanceof Mapping) this.#mapping(value, indent);
    else {
      this.#scalar(value, indent < 0 ? 2 : indent + 2, false);
      // A document of a plain scalar alone has no other sign of its end.
      if (indent < 0 && typeof value !== 'string' && !(value instanceof Placeholder)) this.#isOpenEnded = true;
    }
  }

  #sequence({ items }: Sequence, outer: number, isInMapping: boolean): void {
    if (items.length === 0) this.#indicator('[]', false);
    const isIndentless = isInMapping && !this.#isIndention;
    const indent = outer < 0 ? 0 : isIndentless ? outer : outer + 2;
    for (const item of items) {
      this.#indent(indent);
      this.#indicator('-', true);
      this.node(item, indent, false);
    }
  }

  #mapping({ members }: Mapping, outer: number): void {
    if (members.size === 0) this.#indicator('{}', false);
    const indent = outer < 0 ? 0 : outer + 2;
    for (const [key, member] of members) {
      this.#indent(indent);
      const isSimple = !/[\n\r\u0085\u2028\u2029]/.test(key) && Buffer.byteLength(key) <= LONGEST_SIMPLE_KEY;
      if (isSimple) {
        this.#scalar(key, indent + 2, true);
        this.#put(':');
        this.#isWhitespace = false;
        this.#isIndention = false;
      } else {
        this.#indicator('?', true);
        this.#scalar(key, indent + 2, false);
        this.#indent(indent);
        this.#indicator(':', true);
      }
      this.node(member, indent, true);
    }
  }

  #scalar(value: Exclude<Value, LazyObject | Mapping | Sensitive | Sequence>, indent: number, isKey: boolean): void {
    const text = value instanceof Placeholder ? value.text : value;
    if (typeof text !== 'string') this.#indicator(plain(text), false);
    else if (!isKey && text.includes('\n') && isLiteralAllowed(text)) this.#literal(text, indent);
    else this.#quoted(text, indent, !isKey);
  }

  #literal(text: string, indent: number): void {
    this.#indicator(`|${/^[\n ]/.test(text) ? '2' : ''}${chomping(text)}`, false);
    this.#isOpenEnded = chomping(text) === '+';
    this.#break();
    for (const [position, line] of text.split('\n').entries()) {
      if (position > 0) this.#break();
      if (line === '') continue;
      this.#put(' '.repeat(indent) + line);
      this.#isIndention = false;
    }
    if (text.endsWith('\n')) this.#isIndention = true;
    this.#isWhitespace = true;
  }

  #quoted(text: string, indent: number, isBreaking: boolean): void {
    this.#indicator('"', false);
    const characters = [...text];
    let isAfterSpace = false;
    for (const [position, character] of characters.entries()) {
      const isInner = position > 0 && position < characters.length - 1;
      if (character === ' ' && isBreaking && !isAfterSpace && this.#column > BEST_WIDTH && isInner) {
        this.#isIndention = false;
        this.#indent(indent);
        if (characters[position + 1] === ' ') this.#put('\\');
      } else this.#put(escaped(character));
      isAfterSpace = character === ' ';
    }
    this.#put('"');
    this.#isWhitespace = false;
    this.#isIndention = false;
  }

  #indicator(text: string, isIndention: boolean): void {
    this.#put(this.#isWhitespace ? text : ` ${text}`);
    this.#isWhitespace = false;
    this.#isIndention &&= isIndention;
    this.#isOpenEnded = false;
  }

  #indent(indent: number): void {
    const isBeyond = this.#column > indent || (this.#column === indent && !this.#isWhitespace);
    if (!this.#isIndention || isBeyond) this.#break();
    this.#put(' '.repeat(Math.max(0, indent - this.#column)));
    this.#isWhitespace = true;
    this.#isIndention = true;
  }

  #break(): void {
    this.#text += '\n';
    this.#column = 0;
    this.#isIndention = true;
  }

  #put(text: string): void {
    this.#text += text;
    this.#column += [...text].length;
  }
}

function plain(value: Exclude<Value, LazyObject | Mapping | Placeholder | Sensitive | Sequence | string>): string {
  if (isNull(value)) return 'null';
  return value instanceof BigFloat ? numberText(value) : String(value);
}

/** What cannot stand in a literal block as it is: control characters, and spaces at the end of a line. */
function isLiteralAllowed(text: string): boolean {
  return !text.endsWith(' ') && !/ [\n\u0085\u2028\u2029]/.test(text) && [...text].every(isPrintable);
}

function isPrintable(character: string): boolean {
  return /^[\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(character);
}

function chomping(text: string): '' | '+' | '-' {
  if (!text.endsWith('\n')) return '-';
  return text === '\n' || text.endsWith('\n\n') ? '+' : '';
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(character: string): string {
  const short = Object.hasOwn(escapes, character) ? escapes[character] : undefined;
  if (short !== undefined) return short;
  if (isPrintable(character)) return character;
  const hexadecimal = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (hexadecimal.length <= 2) return `\\x${hexadecimal.padStart(2, '0')}`;
  return hexadecimal.length <= 4 ? `\\u${hexadecimal.padStart(4, '0')}` : `\\U${hexadecimal.padStart(8, '0')}`;
}
