import { Scanner } from './scanner.ts';
import type { Accessor, BinaryOperator, Expression, ForExpression } from './syntax.ts';
import { readTemplate } from './template.ts';

/** Weakest first; all of them associate to the left. Source: HCL Native Syntax Specification, "Operations". */
const precedence: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Reads one expression from the scanner's position and leaves what follows. */
function readExpression(scanner: Scanner): Expression {
  const condition = readBinary(scanner, 0);
  if (!scanner.take('?')) return condition;
  const then = readExpression(scanner);
  scanner.expect(':');
  return { kind: 'conditional', condition, then, otherwise: readExpression(scanner) };
}

function readBinary(scanner: Scanner, level: number): Expression {
  const operators = precedence[level];
  if (!operators) return readUnary(scanner);
  let left = readBinary(scanner, level + 1);
  for (;;) {
    const operator = operators.find((candidate) => scanner.at(candidate));
    if (!operator) return left;
    scanner.next();
    left = { kind: 'binary', operator, left, right: readBinary(scanner, level + 1) };
  }
}

function readUnary(scanner: Scanner): Expression {
  if (scanner.take('!')) return { kind: 'unary', operator: '!', operand: readUnary(scanner) };
  if (scanner.take('-')) return { kind: 'unary', operator: '-', operand: readUnary(scanner) };
  const term = readTerm(scanner);
  const accessors = readAccessors(scanner);
  if (accessors.length === 0) return term;
  return term.kind === 'reference' ? { ...term, accessors } : { kind: 'access', of: term, accessors };
}

function readTerm(scanner: Scanner): Expression {
  const token = scanner.peek();
  switch (token.kind) {
    case 'number':
      scanner.next();
      return { kind: 'literal', value: Number(token.text) };
    case 'quote':
      scanner.next();
      return readTemplate(scanner, 'quoted', readExpression);
    case 'identifier':
      scanner.next();
      if (scanner.take('(')) return readCall(scanner, token.text);
      if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
      if (token.text === 'null') return { kind: 'literal', value: null };
      return { kind: 'reference', name: token.text, accessors: [] };
    default:
      if (scanner.take('(')) return readParenthesized(scanner);
      if (scanner.take('[')) return readListOrFor(scanner);
      if (scanner.take('{')) return readObjectOrFor(scanner);
      throw scanner.unexpected('an expression');
  }
}

function readParenthesized(scanner: Scanner): Expression {
  const inner = readExpression(scanner);
  scanner.expect(')');
  // Kept apart from the bare name, which as an object's key would mean its own text.
  return inner.kind === 'reference' ? { kind: 'access', of: inner, accessors: [] } : inner;
}

function readCall(scanner: Scanner, name: string): Expression {
  const args: Expression[] = [];
  let expandLast = false;
  while (!scanner.take(')')) {
    args.push(readExpression(scanner));
    expandLast = scanner.take('...');
    if (!scanner.at(')')) scanner.expect(',');
  }
  return { kind: 'call', name, args, expandLast };
}

function readListOrFor(scanner: Scanner): Expression {
  if (scanner.take('for')) return readForExpression(scanner, 'list', readExpression);
  const items: Expression[] = [];
  while (!scanner.take(']')) {
    items.push(readExpression(scanner));
    if (!scanner.at(']')) scanner.expect(',');
  }
  return { kind: 'list', items };
}

function readObjectOrFor(scanner: Scanner): Expression {
  if (scanner.take('for')) return readForExpression(scanner, 'object', readExpression);
  const entries: { key: Expression; value: Expression }[] = [];
  while (!scanner.take('}')) {
    const key = readExpression(scanner);
    if (!scanner.take('=') && !scanner.take(':')) throw scanner.unexpected('"="');
    const isName = key.kind === 'reference' && key.accessors.length === 0;
    entries.push({ key: isName ? { kind: 'literal', value: key.name } : key, value: readExpression(scanner) });
    if (!scanner.at('}') && !scanner.take(',') && !scanner.peek().afterLineBreak) throw scanner.unexpected('","');
  }
  return { kind: 'object', entries };
}

function readAccessors(scanner: Scanner): Accessor[] {
  const accessors: Accessor[] = [];
  for (;;) {
    if (scanner.take('.')) accessors.push(readDotAccessor(scanner));
    else if (scanner.take('[')) {
      if (scanner.take('*')) accessors.push({ kind: 'splat' });
      else accessors.push({ kind: 'index', key: readExpression(scanner) });
      scanner.expect(']');
    } else return accessors;
  }
}

function readDotAccessor(scanner: Scanner): Accessor {
  if (scanner.take('*')) return { kind: 'splat' };
  const { kind, text } = scanner.peek();
  if (kind !== 'identifier' && !(kind === 'number' && /^\d+$/.test(text))) throw scanner.unexpected('a name after "."');
  scanner.next();
  if (kind === 'identifier') return { kind: 'attribute', name: text };
  return { kind: 'index', key: { kind: 'literal', value: Number(text) } };
}

/**
 * Parses a string of the Terraform JSON syntax, which is a template: literal text, `${…}`, and the escapes `$${` and `%%{`.
 *
 * @throws ExpressionError with the position
 */
export function parseTemplate(text: string): Expression {
  return readTemplate(new Scanner(text), 'bare', readExpression);
}

/** @returns {@link parseTemplate} which parses equal texts once */
export function createTemplateParser(): (text: string) => Expression {
  const parsed = new Map<string, Expression>();
  return (text) => {
    let expression = parsed.get(text);
    if (!expression) {
      expression = parseTemplate(text);
      parsed.set(text, expression);
    }
    return expression;
  };
}

/** Whether a string of the JSON needs parsing at all. */
export function isLiteral(text: string): boolean {
  return !text.includes('${') && !text.includes('%{');
}

/**
 * Reads `for k, v in collection : value if condition` after the word `for`, to the closing bracket or brace.
 * Source: HCL Native Syntax Specification, "`for` Expressions".
 */
function readForExpression(
  scanner: Scanner,
  result: 'list' | 'object',
  readExpression: (scanner: Scanner) => Expression,
): ForExpression {
  const first = readName(scanner);
  const second = scanner.take(',') ? readName(scanner) : undefined;
  scanner.expect('in');
  const collection = readExpression(scanner);
  scanner.expect(':');
  let value = readExpression(scanner);
  let key: Expression | undefined;
  if (result === 'object') {
    scanner.expect('=>');
    key = value;
    value = readExpression(scanner);
  }
  const group = result === 'object' && scanner.take('...');
  const condition = scanner.take('if') ? readExpression(scanner) : undefined;
  scanner.expect(result === 'list' ? ']' : '}');
  const names = second === undefined ? { valueName: first } : { keyName: first, valueName: second };
  return { kind: 'for', ...names, collection, key, value, condition, group };
}

function readName(scanner: Scanner): string {
  if (scanner.peek().kind !== 'identifier') throw scanner.unexpected('a name');
  return scanner.next().text;
}
