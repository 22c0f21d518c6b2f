/**
 * Velocity 1.7's tokens, in the order in which its grammar declares them: of two that match the same text, the earlier one wins.
 *
 * Source: Apache Velocity Engine 1.7, `src/parser/Parser.jjt`.
 */
export type TokenKind =
  | 'EOF'
  | 'INDEX_LBRACKET'
  | 'INDEX_RBRACKET'
  | 'LBRACKET'
  | 'RBRACKET'
  | 'COMMA'
  | 'DOUBLEDOT'
  | 'COLON'
  | 'LEFT_CURLEY'
  | 'RIGHT_CURLEY'
  | 'LPAREN'
  | 'RPAREN'
  | 'REFMOD2_RPAREN'
  | 'ESCAPE_DIRECTIVE'
  | 'SET_DIRECTIVE'
  | 'DOLLAR'
  | 'TEXTBLOCK_START'
  | 'FORMAL_COMMENT_START'
  | 'MULTI_LINE_COMMENT_START'
  | 'HASH'
  | 'SINGLE_LINE_COMMENT_START'
  | 'DOUBLE_ESCAPE'
  | 'ESCAPE'
  | 'TEXT'
  | 'SINGLE_LINE_COMMENT'
  | 'FORMAL_COMMENT'
  | 'MULTI_LINE_COMMENT'
  | 'TEXTBLOCK'
  | 'SKIPPED'
  | 'CONTINUED'
  | 'WHITESPACE'
  | 'STRING_LITERAL'
  | 'TRUE'
  | 'FALSE'
  | Operator
  | 'LOGICAL_NOT'
  | 'EQUALS'
  | 'END'
  | 'IF_DIRECTIVE'
  | 'ELSEIF_DIRECTIVE'
  | 'ELSE_DIRECTIVE'
  | 'INTEGER_LITERAL'
  | 'FLOATING_POINT_LITERAL'
  | 'WORD'
  | 'BRACKETED_WORD'
  | 'IDENTIFIER'
  | 'DOT'
  | 'LCURLY'
  | 'RCURLY'
  | 'REFERENCE_TERMINATOR'
  | 'DIRECTIVE_TERMINATOR'
  | 'EMPTY_INDEX';

/** The operators with two sides. */
export type Operator =
  | 'MINUS'
  | 'PLUS'
  | 'MULTIPLY'
  | 'DIVIDE'
  | 'MODULUS'
  | 'LOGICAL_AND'
  | 'LOGICAL_OR'
  | 'LOGICAL_LT'
  | 'LOGICAL_LE'
  | 'LOGICAL_GT'
  | 'LOGICAL_GE'
  | 'LOGICAL_EQUALS'
  | 'LOGICAL_NOT_EQUALS';

/** A token of a template, and the one after it as far as the template has been read. */
export interface Token {
  readonly kind: TokenKind;
  /** What it is written as; a reference's first token and an escaped directive lose their escapes when they are read. */
  image: string;
  /** `$` and `#` before it that turned out to begin nothing. */
  readonly prefix: string;
  /** Where it begins in the template, in UTF-16 units. */
  readonly offset: number;
  next: Token | undefined;
}

/** The part of a template that a node was read from. */
export interface Span {
  readonly first: Token;
  readonly last: Token;
}

/** A token as text: what it is written as, with what was read before it in vain. */
export function tokenText({ kind, prefix, image }: Token): string {
  return kind === 'MULTI_LINE_COMMENT' ? '' : prefix + image;
}

/** The tokens of a span, one after the other. */
function* tokensOf({ first, last }: Span): Generator<Token> {
  for (let token: Token | undefined = first; token !== undefined; token = token.next) {
    yield token;
    if (token === last) return;
  }
}

/** What a node is written as. */
export function sourceOf(span: Span): string {
  return Array.from(tokensOf(span), tokenText).join('');
}

/** What a directive that is none is printed as: the tokens alone. */
export function imageOf(span: Span): string {
  return Array.from(tokensOf(span), ({ image }) => image).join('');
}
