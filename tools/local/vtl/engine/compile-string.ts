import type { Expression } from '#local/vtl/syntax/nodes.ts';
import type { Evaluate } from './compile-expression.ts';
import { compileBody } from './compile-statement.ts';
import type { Compilation } from './macros.ts';
import { Output } from './rendering.ts';

/**
 * A text in quotes: two of its quotes within it are one. In double quotes, what has a `$` or `#` is a template of its own, and `\u0041` a
 * character; a backslash means nothing else.
 *
 * Source: Apache Velocity Engine 1.7, `ASTStringLiteral`.
 *
 * @throws TemplateError when it isn't a template
 */
export function compileString(string: Extract<Expression, { kind: 'string' }>, compilation: Compilation): Evaluate {
  const { image } = string;
  const quote = image.charAt(0);
  const inner = image.slice(1, -1);
  const text = (quote === '"' ? readEscapes(inner, string, compilation) : inner).replaceAll(quote + quote, quote);
  if (quote === "'" || !/[$#]/.test(image)) return () => text;
  // A blank behind it ends a reference or a directive at its end, and is cut off; behind a comment it would be part of that.
  const comment = text.includes('##');
  const template = compilation.nested(comment ? text : `${text} `);
  const render = compileBody(template.statements, template);
  return (scope) => {
    const out = new Output();
    render(scope, out);
    return comment ? out.text : out.text.slice(0, -1);
  };
}

/** @throws TemplateError for `\u` without four hexadecimal digits behind it */
function readEscapes(text: string, string: Extract<Expression, { kind: 'string' }>, compilation: Compilation): string {
  return text.replace(/\\u(.{0,4})/gs, (_, digits: string) => {
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw compilation.error(`\\u${digits} in a text is no character`, string);
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}
