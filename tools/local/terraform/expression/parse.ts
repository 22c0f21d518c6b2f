import { readExpression } from './read-expression.ts';
import { Scanner } from './scanner.ts';
import type { Expression } from './syntax.ts';
import { readTemplate } from './template.ts';

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
