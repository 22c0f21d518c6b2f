import { compileExpression } from './compile-expression.ts';
import { compileForeach } from './compile-foreach.ts';
import { compileAssignment, compileRenderedReference } from './compile-reference.ts';
import type { Frame } from './frame.ts';
import { isTrue } from './operators.ts';
import type { Branch, Node } from './syntax.ts';
import type { Value } from './values.ts';

export type Render = (frame: Frame) => string;

/** A macro as its calls find it: it may stand after them. */
interface Macro {
  readonly parameters: readonly string[];
  readonly body: Render;
}

/** Macros that the template being compiled declares. */
export type Macros = Map<string, Macro>;

export function compileBody(nodes: readonly Node[], macros: Macros = new Map()): Render {
  const parts = nodes.map((node) => compileNode(node, macros));
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return (frame) => {
    let text = '';
    for (const render of parts) {
      text += render(frame);
      if (frame.broken) break;
    }
    return text;
  };
}

function compileNode(node: Node, macros: Macros): Render {
  switch (node.kind) {
    case 'text':
      return () => node.text;
    case 'reference':
      return compileRenderedReference(node);
    case 'set':
      return silent(compileAssignment(node.target, compileExpression(node.value)));
    case 'if':
      return compileIf(node.branches, macros);
    case 'foreach':
      return compileForeach(node.variable, compileExpression(node.from), compileBody(node.body, macros));
    case 'break':
      return silent((frame) => {
        frame.broken = true;
      });
    case 'macro':
      macros.set(node.name, { parameters: node.parameters, body: compileBody(node.body, macros) });
      return () => '';
    case 'call':
      return compileCall(node, macros);
  }
}

function silent(run: (frame: Frame) => void): Render {
  return (frame) => {
    run(frame);
    return '';
  };
}

function compileIf(source: readonly Branch[], macros: Macros): Render {
  const branches = source.map(({ condition, body }) => ({
    condition: condition && compileExpression(condition),
    body: compileBody(body, macros),
  }));
  return (frame) => {
    for (const { condition, body } of branches) if (!condition || isTrue(condition(frame))) return body(frame);
    return '';
  };
}

/** A macro that the template doesn't declare renders as it is written. */
function compileCall(node: Extract<Node, { kind: 'call' }>, macros: Macros): Render {
  const args = node.args.map(compileExpression);
  return (frame) => {
    const macro = macros.get(node.name);
    if (!macro) return node.source;
    const local = macro.parameters.map((name, at): readonly [string, Value] => [name, args[at]?.(frame)]);
    return frame.call(() => frame.within(local, () => macro.body(frame)));
  };
}
