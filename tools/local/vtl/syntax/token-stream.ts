import { TemplateError } from '#local/vtl/limits.ts';
import { Lexer, positionOf } from './lexer.ts';
import type { Span, Token, TokenKind } from './token.ts';

/** A template's tokens. They are read no further than the grammar looks, because what it finds changes how the rest is read. */
export class TokenStream {
  readonly source: string;
  readonly lexer: Lexer;
  #current: Token = { kind: 'EOF', image: '', prefix: '', offset: 0, next: undefined };

  constructor(source: string) {
    this.source = source;
    this.lexer = new Lexer(source);
  }

  /** The token that was taken last. */
  get last(): Token {
    return this.#current;
  }

  /** The token that comes after so many. */
  peek(ahead = 1): Token {
    let token = this.#current;
    for (let count = 0; count < ahead; count++) token = token.next ??= this.lexer.next();
    return token;
  }

  is(kind: TokenKind, ahead = 1): boolean {
    return this.peek(ahead).kind === kind;
  }

  /** @throws TemplateError when the next token is another one */
  take(kind: TokenKind): Token {
    const token = this.peek();
    if (token.kind !== kind) this.fail();
    this.#current = token;
    return token;
  }

  /** Takes the next token if it is of this kind. */
  skip(kind: TokenKind): boolean {
    if (!this.is(kind)) return false;
    this.take(kind);
    return true;
  }

  /** What was read since `first`, which may not have been taken yet when nothing was. */
  span(first: Token): Span {
    return { first, last: this.#current };
  }

  /** @throws TemplateError always: what comes next isn't allowed here */
  fail(): never {
    throw this.error(describe(this.peek()), this.peek().offset);
  }

  error(what: string, offset: number): TemplateError {
    return new TemplateError(`The mapping template isn't valid: ${what} (${positionOf(this.source, offset)}).`);
  }
}

function describe({ kind, image }: Token): string {
  switch (kind) {
    case 'EOF':
      return 'it ends too early: an #if, #foreach, #macro or #define has no #end, or a parenthesis is not closed';
    case 'END':
      return 'an #end has no #if, #foreach, #macro or #define before it';
    case 'ELSE_DIRECTIVE':
    case 'ELSEIF_DIRECTIVE':
      return `${image.trim()} where no #if is open, or after its #else`;
    default:
      return `${JSON.stringify(image)} is not allowed here`;
  }
}
