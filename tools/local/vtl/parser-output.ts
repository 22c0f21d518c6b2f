import { Helper } from 'velocityjs';
import { TemplateError } from './template-error.ts';

/** A node of the parser's tree: `type` tells what else it has. */
export interface Syntax {
  readonly type: string;
  readonly [property: string]: unknown;
}

export function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** @throws TemplateError when the parser gave something else */
export function syntaxList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError('The mapping template has a list that the parser left incomplete.');
}

/** @throws TemplateError when the parser gave something else */
export function syntaxText(node: Syntax, property: string): string {
  const value = node[property];
  if (typeof value === 'string') return value;
  throw new TemplateError(`The mapping template has a ${node.type} that the parser left incomplete.`);
}

type Printable = Parameters<typeof Helper.getRefText>[0];

/** A reference or a macro's call as it is written, but for blanks between its parts. */
export function sourceOf(node: Syntax): string {
  return isPrintable(node) ? Helper.getRefText(node) : '';
}

function isPrintable(node: Syntax): node is Syntax & Printable {
  return (node.type === 'references' || node.type === 'macro_call') && typeof node.id === 'string';
}
