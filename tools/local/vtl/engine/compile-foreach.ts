import { JavaList, JavaMap } from '#local/vtl/java/collections.ts';
import { JavaIterator } from '#local/vtl/java/iterator.ts';
import type { Value } from '#local/vtl/java/value.ts';
import { MAX_LOOP_ROUNDS, TemplateError } from '#local/vtl/limits.ts';
import type { Argument, Directive, Statement } from '#local/vtl/syntax/nodes.ts';
import { compileArgument, type Evaluate } from './compile-expression.ts';
import { compileBody } from './compile-statement.ts';
import { LoopScope } from './loop-scope.ts';
import type { Compilation, Render } from './macros.ts';
import { type Output, StopCommand } from './rendering.ts';
import { NullElementScope, type Scope } from './scope.ts';

/**
 * `#foreach` over a list, an array, an iterator or a map's values. Anything else has no rounds.
 *
 * Source: Apache Velocity Engine 1.7, `Foreach`; the limit: Amazon API Gateway Developer Guide, "Amazon API Gateway quotas".
 *
 * @throws TemplateError while rendering, after 1,000 rounds
 */
export function compileForeach(directive: Directive, compilation: Compilation): Render {
  // What it goes over is its third part and what it renders the fourth, whatever those are: the body, where there are fewer arguments.
  const parts: (Argument | readonly Statement[])[] = [...(directive.args ?? [])];
  if (directive.body) parts.push(directive.body);
  const renders = parts.map((part) => compilePart(part, compilation));
  const [element] = directive.args ?? [];
  if (parts.length === 0) throw compilation.error('a #foreach has no arguments', directive);
  const variable = element?.kind === 'reference' ? element.root : directive.first.image.slice(1);
  const [from, body] = [renders[2], renders[3]];
  return (scope, out) => {
    if (!from || (!body && from.evaluate(scope) !== null))
      throw compilation.error('a #foreach has too few arguments', directive);
    const elements = iterate(from.evaluate(scope));
    if (elements && body) runLoop(elements, variable, body.render, scope, out);
  };
}

interface Part {
  readonly evaluate: Evaluate;
  readonly render: Render;
}

function compilePart(part: Argument | readonly Statement[], compilation: Compilation): Part {
  if (!('kind' in part)) return { evaluate: () => null, render: compileBody(part, compilation) };
  const render = part.kind === 'reference' ? compileBody([part], compilation) : () => undefined;
  return { evaluate: compileArgument(part, compilation), render };
}

function iterate(value: Value): JavaIterator | undefined {
  if (value instanceof JavaIterator) return value;
  if (value instanceof JavaList) return new JavaIterator(value);
  return value instanceof JavaMap ? new JavaIterator(value.values()) : undefined;
}

function runLoop(elements: JavaIterator, variable: string, body: Render, scope: Scope, out: Output): void {
  const hidden = [variable, 'velocityCount', 'velocityHasNext'].map((name) => [name, scope.get(name)] as const);
  const loop = new LoopScope(scope.get('foreach'));
  scope.put('foreach', loop);
  const restore = () => {
    for (const [name, value] of hidden) {
      if (value === null) scope.remove(name);
      else scope.put(name, value);
    }
    leaveLoop(scope);
  };
  try {
    runRounds(elements, loop, variable, body, scope, out);
  } catch (error) {
    if (!(error instanceof StopCommand)) throw error;
    if (!error.isFor(loop)) {
      restore();
      throw error;
    }
  }
  restore();
}

/** As Velocity does it: by what `$foreach` is at the end, which a template can have changed. */
function leaveLoop(scope: Scope): void {
  const loop = scope.get('foreach');
  if (!(loop instanceof LoopScope) && loop !== null) return;
  const before = loop?.parent ?? loop?.replaced ?? null;
  if (before === null) scope.remove('foreach');
  else scope.put('foreach', before);
}

function runRounds(
  elements: JavaIterator,
  loop: LoopScope,
  variable: string,
  body: Render,
  scope: Scope,
  out: Output,
): void {
  let nullScope: NullElementScope | undefined;
  while (elements.hasNext) {
    scope.rendering.step();
    scope.put('velocityCount', loop.index + 2);
    const value = elements.next();
    scope.put('velocityHasNext', elements.hasNext);
    scope.put(variable, value);
    if (++loop.index >= MAX_LOOP_ROUNDS)
      throw new TemplateError(
        `A #foreach has more than ${MAX_LOOP_ROUNDS} rounds, ${MAX_LOOP_ROUNDS} at most are allowed.`,
      );
    loop.hasNext = elements.hasNext;
    if (value === null) nullScope ??= new NullElementScope(scope, variable);
    body(value === null && nullScope ? nullScope : scope, out);
  }
}
