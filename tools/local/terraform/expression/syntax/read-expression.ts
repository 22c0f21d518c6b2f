import { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { NULL } from '#local/terraform/expression/value/value.ts';
import { Scanner } from './scanner.ts';
import type { Accessor, BinaryOperator, Expression, ForExpression } from './syntax.ts';
import { readHeredoc, readTemplate } from './template.ts';

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
  return scanner.nested(() => {
    const condition = readBinary(scanner, 0);
    if (!scanner.take('?')) return condition;
    const then = readExpression(scanner);
    scanner.expect(':');
    return { kind: 'conditional', condition, then, otherwise: readExpression(scanner) };
  });
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
  if (scanner.take('!')) return { kind: 'unary', operator: '!', operand: scanner.nested(() => readUnary(scanner)) };
  if (scanner.take('-')) return { kind: 'unary', operator: '-', operand: scanner.nested(() => readUnary(scanner)) };
  const term = readTerm(scanner);
  const accessors = readAccessors(scanner);
  if (accessors.length === 0) return term;
  return term.kind === 'reference' ? { ...term, accessors } : { kind: 'access', of: term, accessors };
}

function readTerm(scanner: Scanner): Expression {
  const token = scanner.peek();
  switch (token.kind) {
    case 'number':
      return { kind: 'literal', value: readNumber(scanner) };
    case 'quote':
      scanner.next();
      return readTemplate(scanner, 'quoted', readExpression);
    case 'heredoc':
      scanner.next();
      return readHeredoc(scanner, token.text, readExpression);
    case 'identifier':
      scanner.next();
      if (scanner.take('(')) return scanner.withLines(false, () => readCall(scanner, token.text));
      if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
      if (token.text === 'null') return { kind: 'literal', value: NULL };
      return { kind: 'reference', name: token.text, accessors: [] };
    default:
      if (scanner.take('(')) return scanner.withLines(false, () => readParenthesized(scanner));
      if (scanner.take('[')) return scanner.withLines(false, () => readListOrFor(scanner));
      if (scanner.take('{')) return readObjectOrFor(scanner);
      throw scanner.unexpected('an expression');
  }
}

function readNumber(scanner: Scanner): BigFloat {
  const { text, start } = scanner.next();
  const number = BigFloat.parse(text);
  if (!number) throw scanner.errorAt(start, `got ${text}, which is no number`);
  return number;
}

function readParenthesized(scanner: Scanner): Expression {
  const inner = readExpression(scanner);
  scanner.expect(')');
  // Kept apart from the bare name, which as an object's key would mean its own text.
  return { kind: 'access', of: inner, accessors: [] };
}

function readCall(scanner: Scanner, name: string): Expression {
  const args: Expression[] = [];
  let expandLast = false;
  while (!scanner.take(')')) {
    if (expandLast) throw scanner.unexpected('")" after "..."');
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
  const position = scanner.position;
  const loop = scanner.withLines(false, () =>
    scanner.take('for') ? readForExpression(scanner, 'object', readExpression) : undefined,
  );
  if (loop) return loop;
  scanner.position = position;
  return scanner.withLines(true, () => readObject(scanner));
}

function readObject(scanner: Scanner): Expression {
  const entries: { key: Expression; value: Expression }[] = [];
  for (;;) {
    while (scanner.peek().kind === 'newline') scanner.next();
    if (scanner.take('}')) return { kind: 'object', entries };
    const key = readKey(scanner);
    if (!scanner.take('=') && !scanner.take(':')) throw scanner.unexpected('"="');
    entries.push({ key, value: readExpression(scanner) });
    if (scanner.peek().kind !== 'newline' && !scanner.at('}')) scanner.expect(',');
  }
}

/** A bare name stands for its own text; a reference has to be in parentheses. */
function readKey(scanner: Scanner): Expression {
  const { start } = scanner.peek();
  const key = readExpression(scanner);
  if (key.kind === 'literal' && key.value === NULL) return { kind: 'literal', value: 'null' };
  if (key.kind !== 'reference') return key;
  if (key.accessors.length === 0) return { kind: 'literal', value: key.name };
  throw scanner.errorAt(start, 'got a reference as a key; put it in parentheses, or the text in quotes');
}

function readAccessors(scanner: Scanner): Accessor[] {
  const accessors: Accessor[] = [];
  for (;;) {
    if (scanner.take('.')) {
      if (scanner.take('*')) accessors.push({ kind: 'splat', each: readDotAccessors(scanner) });
      else accessors.push(readDotAccessor(scanner));
    } else if (scanner.take('[')) {
      const key = scanner.withLines(false, () => {
        const inner = scanner.take('*') ? undefined : readExpression(scanner);
        scanner.expect(']');
        return inner;
      });
      if (key) accessors.push({ kind: 'index', key });
      else accessors.push({ kind: 'splat', each: readAccessors(scanner) });
    } else return accessors;
  }
}

/** What `.*` is followed by: it reaches to the next bracket. */
function readDotAccessors(scanner: Scanner): Accessor[] {
  const accessors: Accessor[] = [];
  while (scanner.take('.')) accessors.push(readDotAccessor(scanner));
  return accessors;
}

function readDotAccessor(scanner: Scanner): Accessor {
  const { kind, text } = scanner.peek();
  if (kind === 'number' && !text.includes('.'))
    return { kind: 'index', key: { kind: 'literal', value: readNumber(scanner) } };
  if (kind !== 'identifier') throw scanner.unexpected('a name after "."');
  scanner.next();
  return { kind: 'attribute', name: text };
}

/**
 * Parses a string of the Terraform JSON syntax, which is a template: literal text, `${…}`, and the escapes `$${` and `%%{`.
 *
 * @throws ExpressionError with the position
 */
export function parseTemplate(text: string): Expression {
  return readTemplate(new Scanner(text), 'bare', readExpression);
}

/**
 * Parses an expression as `terraform console` reads it.
 *
 * @throws ExpressionError with the position
 */
export function parseExpression(text: string): Expression {
  const scanner = new Scanner(text);
  const expression = readExpression(scanner);
  if (scanner.peek().kind !== 'end') throw scanner.unexpected('the end');
  return expression;
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
