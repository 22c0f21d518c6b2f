import type { Branch, Expression, Statement } from './nodes.ts';
import { parseDirective } from './parse-directive.ts';
import { parseExpression } from './parse-expression.ts';
import { parseReference } from './parse-reference.ts';
import { type TokenKind, tokenText } from './token.ts';
import { TokenStream } from './token-stream.ts';

/** The names that a template may use as directives besides those of the grammar. */
export interface DirectiveNames {
  /** Whether there is a macro of this name already when the text is read: in a string, or in what `#evaluate` is given. */
  isMacro(name: string): boolean;
  /** Whether a macro of this name has been read: a backslash before it is an escape. */
  isDeclared(name: string): boolean;
  declare(name: string): void;
}

const STATEMENT_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'LPAREN',
  'RPAREN',
  'ESCAPE_DIRECTIVE',
  'SET_DIRECTIVE',
  'SINGLE_LINE_COMMENT_START',
  'DOUBLE_ESCAPE',
  'ESCAPE',
  'TEXT',
  'FORMAL_COMMENT',
  'MULTI_LINE_COMMENT',
  'TEXTBLOCK',
  'STRING_LITERAL',
  'IF_DIRECTIVE',
  'INTEGER_LITERAL',
  'FLOATING_POINT_LITERAL',
  'WORD',
  'BRACKETED_WORD',
  'IDENTIFIER',
  'DOT',
  'LCURLY',
  'RCURLY',
  'EMPTY_INDEX',
]);
const CONTROL: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'IF_DIRECTIVE',
  'ELSE_DIRECTIVE',
  'ELSEIF_DIRECTIVE',
  'END',
]);
const DIRECTIVES = new Set(['foreach', 'include', 'parse', 'macro', 'literal', 'evaluate', 'break', 'define', 'stop']);
const GRAMMAR_WORDS = new Set(['if', 'end', 'set', 'else', 'elseif']);

/**
 * Parses a template, or the inside of a double-quoted string, as Velocity 1.7 does.
 *
 * Source: Apache Velocity Engine 1.7, `src/parser/Parser.jjt`.
 *
 * @throws TemplateError with line and column
 */
export function parseTemplate(source: string, names: DirectiveNames): readonly Statement[] {
  const tokens = new TokenStream(source);
  const statements = parseBlock(tokens, names);
  if (!tokens.is('EOF')) tokens.fail();
  return statements;
}

/** Up to what begins no statement. */
export function parseBlock(tokens: TokenStream, names: DirectiveNames): readonly Statement[] {
  const statements: Statement[] = [];
  while (STATEMENT_STARTS.has(tokens.peek().kind)) {
    const statement = parseStatement(tokens, names);
    const last = statements.at(-1);
    if (statement.kind === 'text' && last?.kind === 'text')
      statements[statements.length - 1] = { kind: 'text', text: last.text + statement.text };
    else if (statement.kind !== 'text' || statement.text !== '') statements.push(statement);
  }
  return statements;
}

function parseStatement(tokens: TokenStream, names: DirectiveNames): Statement {
  const { kind } = tokens.peek();
  switch (kind) {
    case 'IF_DIRECTIVE':
      return parseIf(tokens, names);
    case 'IDENTIFIER':
      return parseReference(tokens);
    case 'LCURLY':
      return tokens.is('IDENTIFIER', 2) ? parseReference(tokens) : text(tokenText(tokens.take(kind)));
    case 'SINGLE_LINE_COMMENT_START': {
      const { image } = tokens.take(kind);
      tokens.skip('SINGLE_LINE_COMMENT');
      return text(beforeComment(image));
    }
    case 'FORMAL_COMMENT':
    case 'MULTI_LINE_COMMENT':
      return text(beforeComment(tokens.take(kind).image));
    case 'TEXTBLOCK':
      return text(tokens.take(kind).image.slice('#[['.length, -']]#'.length));
    case 'SET_DIRECTIVE':
      return parseSet(tokens);
    case 'ESCAPE_DIRECTIVE': {
      const token = tokens.take(kind);
      // For whatever prints the token later, too: a block macro that nobody declares.
      token.image = unescapeDirective(token.image, names);
      return text(token.image);
    }
    case 'DOUBLE_ESCAPE':
      return parseEscapes(tokens, names);
    case 'WORD':
    case 'BRACKETED_WORD':
      return parseDirective(tokens, names);
    default:
      return text(tokenText(tokens.take(kind)));
  }
}

function text(content: string): Statement {
  return { kind: 'text', text: content };
}

/** A `$` right before a comment is read with it, but is text. */
function beforeComment(image: string): string {
  return image.slice(0, Math.max(image.search(image.includes('##') ? '##' : /#\*/), 0));
}

function parseIf(tokens: TokenStream, names: DirectiveNames): Statement {
  tokens.take('IF_DIRECTIVE');
  const branches: Branch[] = [{ condition: parseCondition(tokens), body: parseBlock(tokens, names) }];
  while (tokens.skip('ELSEIF_DIRECTIVE'))
    branches.push({ condition: parseCondition(tokens), body: parseBlock(tokens, names) });
  if (tokens.skip('ELSE_DIRECTIVE')) branches.push({ condition: undefined, body: parseBlock(tokens, names) });
  tokens.take('END');
  return { kind: 'if', branches };
}

function parseCondition(tokens: TokenStream): Expression {
  tokens.skip('WHITESPACE');
  tokens.take('LPAREN');
  const condition = parseExpression(tokens);
  tokens.take('RPAREN');
  return condition;
}

function parseSet(tokens: TokenStream): Statement {
  tokens.take('SET_DIRECTIVE');
  tokens.skip('WHITESPACE');
  const target = parseReference(tokens);
  tokens.skip('WHITESPACE');
  tokens.take('EQUALS');
  const value = parseExpression(tokens);
  tokens.take('RPAREN');
  tokens.lexer.leaveSet();
  return { kind: 'set', target, value };
}

export function isDirective(name: string): boolean {
  return DIRECTIVES.has(name);
}

/** `\#if` prints `#if`, and each two backslashes before it one; before what is no directive, backslashes are text. */
function unescapeDirective(image: string, names: DirectiveNames): string {
  const escapes = image.lastIndexOf('\\');
  const name = image.slice(escapes + '\\#'.length).replace(/^\{(.*)\}$/, '$1');
  if (!isDirective(name) && !GRAMMAR_WORDS.has(name) && !names.isDeclared(name)) return image;
  return image.slice(0, escapes / 2) + image.slice(escapes + 1);
}

/** Pairs of backslashes: each prints one before a directive, and two elsewhere. */
function parseEscapes(tokens: TokenStream, names: DirectiveNames): Statement {
  let pairs = 0;
  while (tokens.skip('DOUBLE_ESCAPE')) pairs++;
  const { kind, image } = tokens.peek();
  const name = image.slice(1);
  const control = CONTROL.has(kind) || isDirective(name) || names.isDeclared(name);
  return text((control ? '\\' : '\\\\').repeat(pairs));
}
