import { Helper } from 'velocityjs';
import { TemplateError } from './limits.ts';
import { parseTemplate } from './parse-template.ts';
import { type Expression, OPERATORS, type Reference, type Step } from './syntax.ts';

const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** @throws TemplateError for what isn't an expression */
export function readExpression(node: unknown): Expression {
  if (!isSyntax(node)) throw new TemplateError('The mapping template has an expression that is empty.');
  switch (node.type) {
    case 'references':
      return readReference(node);
    case 'string':
      return readString(syntaxText(node, 'value'), node.isEval === true);
    case 'runt':
      return { kind: 'literal', value: syntaxText(node, 'value') };
    case 'integer':
    case 'decimal':
      return { kind: 'literal', value: Number(node.value) };
    case 'bool':
      return { kind: 'literal', value: CONSTANTS[String(node.value)] ?? null };
    case 'array':
      return readList(node);
    case 'map':
      return {
        kind: 'map',
        entries: Object.entries(node.value ?? {}).map(([key, value]) => [key, readExpression(value)]),
      };
    case 'math':
      return readOperation(node);
    default:
      throw new TemplateError(`The mapping template has #${node.type} where an expression belongs.`);
  }
}

/** @throws TemplateError for what isn't a reference */
export function readReference(node: unknown): Reference {
  if (!isSyntax(node) || node.type !== 'references')
    throw new TemplateError('The mapping template lacks a reference: $name.');
  if (node.args !== undefined) throw new TemplateError(`The mapping template calls $${node.id}, which isn't a method.`);
  return {
    kind: 'reference',
    root: syntaxText(node, 'id'),
    steps: syntaxList(node.path ?? []).map(readStep),
    quiet: node.leader === '$!',
    source: sourceOf(node),
  };
}

function readStep(step: unknown): Step {
  if (!isSyntax(step)) throw new TemplateError('The mapping template has a reference that ends in a dot.');
  if (step.type === 'index') return { kind: 'index', at: readExpression(step.id) };
  const name = syntaxText(step, 'id');
  if (step.type === 'property') return { kind: 'property', name };
  return { kind: 'method', name, args: syntaxList(step.args || []).map(readExpression) };
}

function readString(value: string, interpolated: boolean): Expression {
  if (!interpolated || !/[$#]/.test(value)) return { kind: 'literal', value };
  const parts = parseTemplate(value, false);
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'text') return { kind: 'literal', value: only.text };
  return { kind: 'interpolation', parts };
}

function readList(node: Syntax): Expression {
  const items = syntaxList(node.value);
  if (node.isRange !== true) return { kind: 'list', items: items.map(readExpression) };
  const [from, to] = items.map((bound) =>
    isSyntax(bound) ? readExpression(bound) : { kind: 'literal' as const, value: Number(bound) },
  );
  if (!from || !to) throw new TemplateError('The mapping template has a range without two bounds: [1..3].');
  return { kind: 'range', from, to };
}

function readOperation(node: Syntax): Expression {
  const operator = OPERATORS.find((name) => name === node.operator);
  if (!operator)
    throw new TemplateError(`The mapping template has an operator that isn't Velocity's: ${String(node.operator)}.`);
  return { kind: 'operation', operator, operands: syntaxList(node.expression).map(readExpression) };
}

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
