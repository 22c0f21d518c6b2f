import { ExpressionError } from '#local/terraform/addressed-error.ts';

interface Token {
  readonly kind: 'end' | 'heredoc' | 'identifier' | 'newline' | 'number' | 'punctuation' | 'quote';
  readonly text: string;
  readonly start: number;
  /** Position after the token. */
  readonly end: number;
}

const space = /(?:[ \t\r]|\/\*[\s\S]*?\*\/)*/y;
const spaceAndLines = /(?:[ \t\r\n]|\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*(?:\n|$))*/y;
const lineEnd = /(?:#|\/\/)[^\n]*(?:\n|$)|\n/y;
const number = /\d+(?:\.\d+)*(?:[eE][+-]?\d+)?/y;
// Provider-defined functions are called `provider::aws::arn_parse`.
const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*(?:::[\p{ID_Start}_][\p{ID_Continue}-]*)*/uy;
const heredoc = /<<-?[\p{ID_Start}_][\p{ID_Continue}-]*\r?\n/uy;
const punctuation = /\.\.\.|&&|\|\||==|!=|<=|>=|=>|[-+*/%<>!?:=,.()[\]{}~]/y;

/** Deeper expressions are refused instead of running out of stack. */
const DEEPEST_EXPRESSION = 400;

/**
 * Cuts an expression into tokens, one at a time. A quoted template's text is not made of tokens: the template's reader takes over at
 * {@link position} after the opening quote, and sets it after the closing one.
 */
export class Scanner {
  readonly text: string;
  #position = 0;
  #peeked: Token | undefined;
  #depth = 0;
  /** Whether a line break is a token, as it is between the items of an object. */
  #tellsLines = false;

  constructor(text: string) {
    this.text = text;
  }

  get position(): number {
    return this.#position;
  }

  set position(position: number) {
    this.#position = position;
    this.#peeked = undefined;
  }

  /** Reads a part in which line breaks are tokens or not. */
  withLines<T>(tellsLines: boolean, read: () => T): T {
    const outer = this.#tellsLines;
    this.#tellsLines = tellsLines;
    this.#peeked = undefined;
    const result = read();
    this.#tellsLines = outer;
    this.#peeked = undefined;
    return result;
  }

  /** Reads a part that may hold others of its kind. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST_EXPRESSION) {
      throw this.errorAt(this.#position, `the expression is nested deeper than ${DEEPEST_EXPRESSION}`);
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }

  peek(): Token {
    this.#peeked ??= this.#read();
    return this.#peeked;
  }

  next(): Token {
    const token = this.peek();
    this.position = token.end;
    return token;
  }

  /** Takes the next token if it is this punctuation or keyword. */
  take(text: string): boolean {
    if (!this.at(text)) return false;
    this.next();
    return true;
  }

  at(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.kind === 'punctuation' || token.kind === 'identifier');
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(`"${text}"`);
  }

  unexpected(wanted: string): ExpressionError {
    const token = this.peek();
    const names = { end: 'the end', newline: 'a line break' } as const;
    const got = token.kind === 'end' || token.kind === 'newline' ? names[token.kind] : `"${token.text.trim()}"`;
    return this.errorAt(token.start, `got ${got}, expected ${wanted}`);
  }

  errorAt(position: number, message: string): ExpressionError {
    return new ExpressionError(`${message} at character ${position + 1} of ${excerpt(this.text, position)}`);
  }

  #match(pattern: RegExp, position: number): string | undefined {
    pattern.lastIndex = position;
    return pattern.exec(this.text)?.[0];
  }

  #read(): Token {
    const skipped = this.#match(this.#tellsLines ? space : spaceAndLines, this.#position) ?? '';
    const start = this.#position + skipped.length;
    const token = (kind: Token['kind'], text: string): Token => ({ kind, text, start, end: start + text.length });
    if (start >= this.text.length) return token('end', '');
    const line = this.#tellsLines ? this.#match(lineEnd, start) : undefined;
    if (line !== undefined) return token('newline', line);
    if (this.text[start] === '"') return token('quote', '"');
    const name = this.#match(identifier, start);
    if (name !== undefined) return token('identifier', name);
    const digits = this.#match(number, start);
    if (digits !== undefined) return token('number', digits);
    const opening = this.#match(heredoc, start);
    if (opening !== undefined) return token('heredoc', opening);
    const mark = this.#match(punctuation, start);
    if (mark !== undefined) return token('punctuation', mark);
    throw this.errorAt(start, `got ${JSON.stringify(this.text[start])}, which no expression holds`);
  }
}

function excerpt(text: string, position: number): string {
  const start = Math.max(0, position - 40);
  const end = Math.min(text.length, position + 40);
  return JSON.stringify(`${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`);
}
