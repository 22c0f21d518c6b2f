import { parse } from 'velocityjs';
import { TemplateError } from './limits.ts';
import {
  isSyntax,
  readExpression,
  readReference,
  type Syntax,
  sourceOf,
  syntaxList,
  syntaxText,
} from './parse-expression.ts';
import type { Branch, Node } from './syntax.ts';

const END_MARK = 'end of the mapping template';
const UNSUPPORTED = new Set(['evaluate', 'include', 'parse', 'define', 'noescape', 'macro_body']);

/**
 * Parses a template or the inside of a double-quoted string.
 *
 * @param trimLines - whether a line break right after a directive is dropped, as Velocity does outside of strings
 * @throws TemplateError with line and column
 */
export function parseTemplate(source: string, trimLines = true): Node[] {
  const items = runParser(source, trimLines);
  if (source.includes('#')) assertBalanced(source);
  return readBlock(items);
}

function runParser(source: string, trimLines: boolean): readonly unknown[] {
  try {
    return parse(source, undefined, trimLines);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new TemplateError(`The mapping template isn't valid: ${cause}`);
  }
}

/** The parser drops what follows an `#end` too many, and gives what follows an unclosed block both inside and after it. */
function assertBalanced(source: string): void {
  const items = runParser(`${source}\n#[[${END_MARK}]]#`, false);
  if (!isEndMark(items.at(-1))) {
    throw new TemplateError("The mapping template isn't valid: an #end has no #if, #foreach or #macro before it.");
  }
  if (items.some((item) => Array.isArray(item) && holdsEndMark(item))) {
    throw new TemplateError("The mapping template isn't valid: an #if, #foreach or #macro has no #end.");
  }
}

function holdsEndMark(items: readonly unknown[]): boolean {
  return items.some((item) => (Array.isArray(item) ? holdsEndMark(item) : isEndMark(item)));
}

function isEndMark(item: unknown): boolean {
  return isSyntax(item) && item.type === 'raw' && item.value === END_MARK;
}

function readBlock(items: readonly unknown[]): Node[] {
  const nodes: Node[] = [];
  for (const item of items) {
    const node = readNode(item);
    const last = nodes.at(-1);
    if (node?.kind === 'text' && last?.kind === 'text')
      nodes[nodes.length - 1] = { kind: 'text', text: last.text + node.text };
    else if (node) nodes.push(node);
  }
  return nodes;
}

function readNode(item: unknown): Node | undefined {
  if (typeof item === 'string') return { kind: 'text', text: item };
  if (Array.isArray(item)) return readDirective(item);
  if (!isSyntax(item)) throw new TemplateError('The mapping template has a part that the parser can not name.');
  switch (item.type) {
    case 'references':
      return readReference(item);
    case 'raw':
      return { kind: 'text', text: syntaxText(item, 'value') };
    case 'comment':
      return undefined;
    case 'set':
      return readSet(item);
    case 'break':
      return { kind: 'break' };
    case 'macro_call':
      return readCall(item);
    default:
      throw new TemplateError(`The mapping template has #${item.type} where Velocity doesn't allow it.`);
  }
}

function readDirective(items: readonly unknown[]): Node {
  const [head, ...rest] = items;
  if (!isSyntax(head)) throw new TemplateError('The mapping template has a block without a directive.');
  switch (head.type) {
    case 'if':
      return { kind: 'if', branches: readBranches(head, rest) };
    case 'foreach':
      return {
        kind: 'foreach',
        variable: syntaxText(head, 'to'),
        from: readExpression(head.from),
        body: readBlock(rest),
      };
    case 'macro':
      return {
        kind: 'macro',
        name: syntaxText(head, 'id'),
        parameters: syntaxList(head.args || []).map((parameter) => readReference(parameter).root),
        body: readBlock(rest),
      };
    default:
      throw new TemplateError(`API Gateway's mapping templates have no #${head.type}.`);
  }
}

function readBranches(head: Syntax, rest: readonly unknown[]): Branch[] {
  const branches: Branch[] = [];
  let condition = head.condition;
  let from = 0;
  rest.forEach((item, at) => {
    if (!isSyntax(item) || (item.type !== 'elseif' && item.type !== 'else')) return;
    branches.push(readBranch(condition, rest.slice(from, at)));
    condition = item.type === 'elseif' ? item.condition : undefined;
    from = at + 1;
  });
  branches.push(readBranch(condition, rest.slice(from)));
  return branches;
}

function readBranch(condition: unknown, items: readonly unknown[]): Branch {
  return { condition: condition === undefined ? undefined : readExpression(condition), body: readBlock(items) };
}

function readSet(item: Syntax): Node {
  const [target, value] = syntaxList(item.equal);
  return { kind: 'set', target: readReference(target), value: readExpression(value) };
}

function readCall(item: Syntax): Node {
  const name = syntaxText(item, 'id');
  if (UNSUPPORTED.has(name)) throw new TemplateError(`API Gateway's mapping templates have no #${name}.`);
  const args = syntaxList(item.args || []);
  return { kind: 'call', name, args: args.map(readExpression), source: sourceOf(item) };
}
