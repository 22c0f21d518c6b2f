import type { Evaluate } from './compile-expression.ts';
import type { Render } from './compile-node.ts';
import type { Frame } from './frame.ts';
import { bounded, MAX_LOOP_ROUNDS } from './limits.ts';
import { TemplateError } from './template-error.ts';
import { HOST, type HostObject, isMap, toValue, type Value } from './values.ts';

/**
 * `#foreach` over a list, or over a map's values. Anything else has no rounds.
 *
 * @throws TemplateError while rendering, after 1,000 rounds as in API Gateway
 */
export function compileForeach(variable: string, from: Evaluate, body: Render): Render {
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
