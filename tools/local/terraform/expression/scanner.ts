import { ExpressionError } from '#local/terraform/addressed-error.ts';

interface Token {
  readonly kind: 'end' | 'identifier' | 'number' | 'punctuation' | 'quote';
  readonly text: string;
  readonly start: number;
  /** Position after the token. */
  readonly end: number;
  /** A line break stands before the token: it separates the items of an object. */
  readonly afterLineBreak: boolean;
}

const space = /\s*/y;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// Provider-defined functions are called `provider::aws::arn_parse`.
const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*(?:::[\p{ID_Start}_][\p{ID_Continue}-]*)*/uy;
const punctuation = /\.\.\.|&&|\|\||==|!=|<=|>=|=>|[-+*/%<>!?:=,.()[\]{}~]/y;

/**
 * Cuts an expression into tokens, one at a time. A quoted template's text is not made of tokens: the template's reader takes over at
 * {@link position} after the opening quote, and sets it after the closing one.
 */
export class Scanner {
  readonly text: string;
  #position = 0;
  #peeked: Token | undefined;

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
    const got = token.kind === 'end' ? 'the end' : `"${token.text}"`;
    return this.errorAt(token.start, `got ${got}, expected ${wanted}`);
  }

  errorAt(position: number, message: string): ExpressionError {
    return new ExpressionError(`${message} at character ${position + 1} of ${excerpt(this.text, position)}`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    return pattern.exec(this.text)?.[0];
  }

  #read(): Token {
    const before = this.#match(space) ?? '';
    this.#position += before.length;
    const token = (kind: Token['kind'], text: string): Token => ({
      kind,
      text,
      start: this.#position,
      end: this.#position + text.length,
      afterLineBreak: before.includes('\n'),
    });
    if (this.#position >= this.text.length) return token('end', '');
    if (this.text[this.#position] === '"') return token('quote', '"');
    const name = this.#match(identifier);
    if (name !== undefined) return token('identifier', name);
    const digits = this.#match(number);
    if (digits !== undefined) return token('number', digits);
    const mark = this.#match(punctuation);
    if (mark !== undefined) return token('punctuation', mark);
    throw this.errorAt(this.#position, `got ${JSON.stringify(this.text[this.#position])}, which no expression holds`);
  }
}

function excerpt(text: string, position: number): string {
  const start = Math.max(0, position - 40);
  const end = Math.min(text.length, position + 40);
  return JSON.stringify(`${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`);
}
