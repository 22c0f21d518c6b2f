import { compileExpression, type Evaluate } from './compile-expression.ts';
import { compileAssignment, compileRenderedReference } from './compile-reference.ts';
import type { Frame } from './frame.ts';
import { bounded, MAX_LOOP_ROUNDS, TemplateError } from './limits.ts';
import { isTrue } from './operators.ts';
import type { Branch, Node } from './syntax.ts';
import { HOST, type HostObject, isMap, toValue, type Value } from './values.ts';

type Render = (frame: Frame) => string;

/** A macro as its calls find it: it may stand after them. */
interface Macro {
  readonly parameters: readonly string[];
  readonly body: Render;
}

/** Macros that the template being compiled declares. */
type Macros = Map<string, Macro>;

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

/**
 * `#foreach` over a list, or over a map's values. Anything else has no rounds.
 *
 * @throws TemplateError while rendering, after 1,000 rounds as in API Gateway
 */
function compileForeach(variable: string, from: Evaluate, body: Render): Render {
  return (frame) => {
    const items = toItems(from(frame));
    if (items.length === 0) return '';
    if (items.length > MAX_LOOP_ROUNDS) {
      throw new TemplateError(`A #foreach has ${items.length} rounds, ${MAX_LOOP_ROUNDS} at most are allowed.`);
    }
    const loop = { index: 0, size: items.length, parent: frame.variables.get('foreach') };
    const local: [string, Value][] = [
      [variable, undefined],
      ['foreach', loopStatus(loop)],
      ['velocityCount', 1],
    ];
    return frame.within(local, () => rounds(frame, variable, items, loop, body));
  };
}

interface Loop {
  index: number;
  readonly size: number;
  readonly parent: Value;
}

function rounds(frame: Frame, variable: string, items: readonly unknown[], loop: Loop, body: Render): string {
  let text = '';
  for (; loop.index < items.length && !frame.broken; loop.index++) {
    frame.step();
    frame.variables.set(variable, toValue(items[loop.index]));
    frame.variables.set('velocityCount', loop.index + 1);
    text = bounded(text + body(frame));
  }
  frame.broken = false;
  return text;
}

function toItems(value: Value): readonly unknown[] {
  if (Array.isArray(value)) return [...value];
  return isMap(value) ? Object.values(value) : [];
}

/** `$foreach`. */
function loopStatus(loop: Loop): HostObject {
  const read = (name: string): Value => {
    switch (name) {
      case 'hasNext':
        return loop.index + 1 < loop.size;
      case 'index':
        return loop.index;
      case 'count':
        return loop.index + 1;
      case 'first':
        return loop.index === 0;
      case 'last':
        return loop.index + 1 === loop.size;
      case 'parent':
        return loop.parent;
      default:
        return undefined;
    }
  };
  return { [HOST]: true, getProperty: read, callMethod: read };
}
