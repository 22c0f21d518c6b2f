import { TemplateError } from '#local/vtl/limits.ts';
import { LEXER_RULES, type LexerState } from './lexer-rules.ts';
import type { Token, TokenKind } from './token.ts';

interface SavedState {
  readonly state: LexerState;
  readonly opened: number;
  readonly closed: number;
}

/**
 * Velocity 1.7's lexer: the longest match of the current state's rules, and what each token does to the state.
 *
 * Source: Apache Velocity Engine 1.7, `src/parser/Parser.jjt`, the `TOKEN`, `MORE` and `SPECIAL_TOKEN` declarations.
 */
export class Lexer {
  readonly #source: string;
  #at = 0;
  #state: LexerState = 'DEFAULT';
  #saved: SavedState[] = [];
  /** Parentheses of the current state. */
  #opened = 0;
  #closed = 0;
  #inComment = false;
  #inSet = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws TemplateError with line and column where no token can be read */
  next(): Token {
    let prefix = '';
    for (;;) {
      const begin = this.#at;
      if (begin >= this.#source.length) return { kind: 'EOF', image: '', prefix, offset: begin, next: undefined };
      const kind = this.#read();
      if (kind === 'SKIPPED') continue;
      if (kind === 'REFERENCE_TERMINATOR' || kind === 'DIRECTIVE_TERMINATOR') {
        prefix += unused(this.#source.slice(begin, this.#at));
        this.#at--;
        this.#restore();
        continue;
      }
      const image = this.#finish(kind, this.#source.slice(begin, this.#at));
      return { kind, image, prefix, offset: begin, next: undefined };
    }
  }

  /** After a directive's name: what follows are its arguments. */
  enterDirective(): void {
    this.#state = 'DIRECTIVE';
  }

  /** What looked like a directive with arguments has none. */
  leaveDirective(): void {
    this.#restore();
  }

  leaveSet(): void {
    this.#inSet = false;
  }

  /** Whether the next character that isn't a blank opens a parenthesis. */
  isParenthesisNext(): boolean {
    const blanks = /[ \n\r\t]*/y;
    blanks.lastIndex = this.#at;
    blanks.test(this.#source);
    return this.#source[blanks.lastIndex] === '(';
  }

  /** Reads on until a token is complete. */
  #read(): TokenKind {
    for (;;) {
      const kind = this.#match();
      if (!this.#continue(kind)) return kind;
      if (this.#at >= this.#source.length) throw lexicalError(this.#source, this.#at);
    }
  }

  #match(): TokenKind {
    let length = 0;
    let found: TokenKind | undefined;
    for (const { kind, match } of LEXER_RULES.get(this.#state) ?? []) {
      const matched = match(this.#source, this.#at);
      if (matched <= length) continue;
      length = matched;
      found = kind;
    }
    if (found === undefined) throw lexicalError(this.#source, this.#at);
    this.#at += length;
    return found;
  }

  /** Whether a token only begins with this; the rest is read in the state that it leads to. */
  #continue(kind: TokenKind): boolean {
    switch (kind) {
      case 'CONTINUED':
        return true;
      case 'DOLLAR':
        if (this.#inComment) return true;
        if (this.#state === 'REFERENCE') this.#restore();
        this.#enter('REFERENCE');
        return true;
      case 'HASH':
        if (this.#inComment) return true;
        if (this.#state === 'REFERENCE' || this.#state === 'REFMODIFIER') this.#restore();
        this.#enter('PRE_DIRECTIVE');
        return true;
      case 'TEXTBLOCK_START':
        this.#enterComment('IN_TEXTBLOCK');
        return true;
      case 'FORMAL_COMMENT_START':
        if (!this.#inComment) this.#at--;
        this.#enterComment('IN_FORMAL_COMMENT');
        return true;
      case 'MULTI_LINE_COMMENT_START':
        this.#enterComment('IN_MULTI_LINE_COMMENT');
        return true;
      default:
        return false;
    }
  }

  /** What a complete token does. @returns what the parser sees of it */
  #finish(kind: TokenKind, image: string): string {
    switch (kind) {
      case 'INDEX_LBRACKET':
        this.#enter('REFINDEX');
        return image;
      case 'INDEX_RBRACKET':
      case 'RCURLY':
      case 'END':
      case 'ELSE_DIRECTIVE':
        this.#restore();
        return image;
      case 'LPAREN':
        this.#opened++;
        if (this.#state === 'REFMODIFIER') this.#state = 'REFMOD2';
        return image;
      case 'RPAREN':
        this.#closeParenthesis();
        return image;
      case 'REFMOD2_RPAREN':
        this.#state = 'REFERENCE';
        return image;
      case 'SET_DIRECTIVE':
        this.#enter('DIRECTIVE');
        this.#inSet = true;
        this.#opened++;
        return image;
      case 'SINGLE_LINE_COMMENT_START':
        if (this.#state === 'REFERENCE') this.#restore();
        this.#enterComment('IN_SINGLE_LINE_COMMENT');
        return image;
      case 'SINGLE_LINE_COMMENT':
      case 'FORMAL_COMMENT':
      case 'MULTI_LINE_COMMENT':
      case 'TEXTBLOCK':
        this.#inComment = false;
        this.#restore();
        return image;
      case 'IF_DIRECTIVE':
      case 'ELSEIF_DIRECTIVE':
        this.#state = 'DIRECTIVE';
        return image;
      case 'DOT':
        this.#at--;
        this.#state = 'REFMODIFIER';
        return '.';
      default:
        return this.#finishLiteral(kind, image);
    }
  }

  /** A literal outside of parentheses ends the directive that it isn't in. */
  #finishLiteral(kind: TokenKind, image: string): string {
    const outside = this.#opened === 0 && !this.#inSet;
    if (kind === 'STRING_LITERAL') {
      if (outside && this.#state === 'DIRECTIVE') this.#restore();
      return image;
    }
    if (kind === 'FLOATING_POINT_LITERAL') {
      if (outside && this.#state !== 'REFMOD2') this.#restore();
      return image;
    }
    if (kind !== 'INTEGER_LITERAL') return image;
    if (outside && this.#state !== 'REFMOD2' && this.#state !== 'REFINDEX') this.#restore();
    if (!image.endsWith('..')) return image;
    this.#at -= 2;
    return image.slice(0, -2);
  }

  /** Drops to below the state that has a parenthesis open. */
  #closeParenthesis(): void {
    if (this.#inComment) return;
    for (;;) {
      if (this.#opened > 0) {
        if (this.#opened === this.#closed + 1) this.#restore();
        else this.#closed++;
        return;
      }
      if (!this.#restore()) return;
    }
  }

  #enter(state: LexerState): void {
    this.#saved.push({ state: this.#state, opened: this.#opened, closed: this.#closed });
    this.#opened = 0;
    this.#state = state;
  }

  #enterComment(state: LexerState): void {
    if (this.#inComment) return;
    this.#inComment = true;
    this.#enter(state);
  }

  /** @returns false at the bottom */
  #restore(): boolean {
    const saved = this.#saved.pop();
    this.#state = saved?.state ?? 'DEFAULT';
    this.#opened = saved?.opened ?? 0;
    if (saved) this.#closed = saved.closed;
    return saved !== undefined;
  }
}

/** What of a beginning that led to nothing is text: its `$` and `#`, and the backslashes before a `$` (which hide the character after it). */
function unused(image: string): string {
  return Array.from(image.matchAll(/(\\+\$).?|[$#]/gs), ([token, escaped]) => escaped ?? token).join('');
}

function lexicalError(source: string, offset: number): TemplateError {
  const what =
    offset >= source.length ? 'its end comes too early' : `${JSON.stringify(source[offset])} has no meaning here`;
  return new TemplateError(`The mapping template isn't valid: ${what} (${positionOf(source, offset)}).`);
}

/** `line 2, column 5`, both from 1. */
export function positionOf(source: string, offset: number): string {
  const lines = source.slice(0, offset).split(/\r\n|\n|\r/);
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
