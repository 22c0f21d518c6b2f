import type { Expression } from './nodes.ts';
import { parseReference } from './parse-reference.ts';
import type { Operator, Token, TokenKind } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** The operators by how loosely they bind, the loosest first; those of a level go from left to right. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['LOGICAL_OR'],
  ['LOGICAL_AND'],
  ['LOGICAL_EQUALS', 'LOGICAL_NOT_EQUALS'],
  ['LOGICAL_LT', 'LOGICAL_GT', 'LOGICAL_LE', 'LOGICAL_GE'],
  ['PLUS', 'MINUS'],
  ['MULTIPLY', 'DIVIDE', 'MODULUS'],
];

const PARAMETER_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'LBRACKET',
  'LEFT_CURLEY',
  'WHITESPACE',
  'STRING_LITERAL',
  'TRUE',
  'FALSE',
  'INTEGER_LITERAL',
  'FLOATING_POINT_LITERAL',
  'IDENTIFIER',
  'LCURLY',
]);

/** Whether a method's argument can begin like this. */
export function startsParameter({ kind }: Token): boolean {
  return PARAMETER_STARTS.has(kind);
}

/** What `#if` tests and `#set` assigns. @throws TemplateError with line and column */
export function parseExpression(tokens: TokenStream, level = 0): Expression {
  const operators = LEVELS[level];
  if (!operators) return parseUnary(tokens);
  const first = tokens.peek();
  let left = parseExpression(tokens, level + 1);
  for (;;) {
    const operator = operators.find((kind) => tokens.is(kind));
    if (!operator) return left;
    tokens.take(operator);
    const right = parseExpression(tokens, level + 1);
    left = { ...tokens.span(first), kind: 'binary', operator, left, right };
  }
}

function parseUnary(tokens: TokenStream): Expression {
  const first = tokens.peek();
  if (tokens.is('LOGICAL_NOT') || (tokens.is('WHITESPACE') && tokens.is('LOGICAL_NOT', 2))) {
    tokens.skip('WHITESPACE');
    tokens.take('LOGICAL_NOT');
    return { kind: 'not', operand: parseUnary(tokens), ...tokens.span(first) };
  }
  tokens.skip('WHITESPACE');
  const expression = tokens.is('LPAREN') ? parseParenthesis(tokens) : parseOperand(tokens);
  tokens.skip('WHITESPACE');
  return expression;
}

function parseParenthesis(tokens: TokenStream): Expression {
  tokens.take('LPAREN');
  const expression = parseExpression(tokens);
  tokens.take('RPAREN');
  return expression;
}

/** An argument of a method, an element of a list, a key or a value of a map: no operators. */
export function parseParameter(tokens: TokenStream): Expression {
  tokens.skip('WHITESPACE');
  const parameter = parseOperand(tokens);
  tokens.skip('WHITESPACE');
  return parameter;
}

/** `[at]` takes less than a method does: no lists, maps and decimals. */
export function parseIndexArgument(tokens: TokenStream): Expression {
  tokens.skip('WHITESPACE');
  const { kind } = tokens.peek();
  if (kind === 'LBRACKET' || kind === 'LEFT_CURLEY' || kind === 'FLOATING_POINT_LITERAL') tokens.fail();
  const argument = parseOperand(tokens);
  tokens.skip('WHITESPACE');
  return argument;
}

/** A literal, a list, a map, a range or a reference. */
export function parseOperand(tokens: TokenStream): Expression {
  const first = tokens.peek();
  switch (first.kind) {
    case 'STRING_LITERAL':
      tokens.take('STRING_LITERAL');
      return { kind: 'string', image: first.image, ...tokens.span(first) };
    case 'INTEGER_LITERAL':
      tokens.take('INTEGER_LITERAL');
      return { kind: 'integer', image: first.image, ...tokens.span(first) };
    case 'FLOATING_POINT_LITERAL':
      tokens.take('FLOATING_POINT_LITERAL');
      return { kind: 'decimal', image: first.image, ...tokens.span(first) };
    case 'TRUE':
    case 'FALSE':
      tokens.take(first.kind);
      return { kind: 'boolean', value: first.kind === 'TRUE', ...tokens.span(first) };
    case 'LBRACKET':
      return parseBrackets(tokens);
    case 'LEFT_CURLEY':
      return parseMap(tokens);
    case 'IDENTIFIER':
    case 'LCURLY':
      return parseReference(tokens);
    default:
      return tokens.fail();
  }
}

/** `[1..3]`, else a list: which of the two, the first element and what follows it tell. */
function parseBrackets(tokens: TokenStream): Expression {
  const first = tokens.take('LBRACKET');
  const items: Expression[] = [];
  if (startsParameter(tokens.peek())) {
    items.push(parseParameter(tokens));
    const [from] = items;
    if (from && tokens.is('DOUBLEDOT') && isBound(from)) {
      tokens.take('DOUBLEDOT');
      const to = parseParameter(tokens);
      if (!isBound(to)) tokens.fail();
      tokens.take('RBRACKET');
      return { kind: 'range', from, to, ...tokens.span(first) };
    }
    while (tokens.skip('COMMA')) items.push(parseParameter(tokens));
  }
  tokens.take('RBRACKET');
  return { kind: 'list', items, ...tokens.span(first) };
}

function isBound({ kind }: Expression): boolean {
  return kind === 'reference' || kind === 'integer';
}

function parseMap(tokens: TokenStream): Expression {
  const first = tokens.take('LEFT_CURLEY');
  const entries: [Expression, Expression][] = [];
  const empty =
    tokens.is('RIGHT_CURLEY') || tokens.is('RCURLY') || !startsParameter(tokens.peek(tokens.is('WHITESPACE') ? 2 : 1));
  if (empty) tokens.skip('WHITESPACE');
  else {
    do {
      const key = parseParameter(tokens);
      tokens.take('COLON');
      entries.push([key, parseParameter(tokens)]);
    } while (tokens.skip('COMMA'));
  }
  if (!tokens.skip('RCURLY')) tokens.take('RIGHT_CURLEY');
  return { kind: 'map', entries, ...tokens.span(first) };
}
