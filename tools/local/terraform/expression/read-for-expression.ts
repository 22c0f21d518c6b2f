import type { Scanner } from './scanner.ts';
import type { Expression, ForExpression } from './syntax.ts';

/**
 * Reads `for k, v in collection : value if condition` after the word `for`, to the closing bracket or brace.
 * Source: HCL Native Syntax Specification, "`for` Expressions".
 */
export function readForExpression(
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
