import { callMethod, getIndex, getProperty, setIndex, setProperty } from '#local/vtl/java/methods/members.ts';
import { classNameOf, textOf, type Value } from '#local/vtl/java/value.ts';
import { TemplateError } from '#local/vtl/limits.ts';
import type { Reference, Step } from '#local/vtl/syntax/nodes.ts';
import { Block } from './block.ts';
import { compileExpression, type Evaluate } from './compile-expression.ts';
import type { Compilation, Render } from './macros.ts';
import type { Scope } from './scope.ts';

type Follow = (target: Exclude<Value, null>, scope: Scope) => Value;

/** The value that a reference names; null when it names none. */
export function compileReference(reference: Reference, compilation: Compilation): Evaluate {
  const { root, steps, inert } = reference;
  if (inert) return () => null;
  return followSteps(root, steps, compilation);
}

function followSteps(root: string, steps: readonly Step[], compilation: Compilation): Evaluate {
  const follow = steps.map((step) => compileStep(step, compilation));
  if (follow.length === 0) return (scope) => scope.get(root);
  return (scope) => {
    let value = scope.get(root);
    for (const step of follow) {
      if (value === null) return null;
      value = step(value, scope);
    }
    return value;
  };
}

function compileStep(step: Step, compilation: Compilation): Follow {
  if (step.kind === 'property') {
    const { name } = step;
    return (target) => getProperty(target, name);
  }
  return located(
    step.kind === 'index' ? compileIndex(step, compilation) : compileCall(step, compilation),
    step,
    compilation,
  );
}

function compileIndex(step: Extract<Step, { kind: 'index' }>, compilation: Compilation): Follow {
  const at = compileExpression(step.at, compilation);
  return (target, scope) => getIndex(target, at(scope));
}

/** What has no such method here may have it in Java: that is noted, and has no value. */
function compileCall(step: Extract<Step, { kind: 'method' }>, compilation: Compilation): Follow {
  const args = step.args.map((argument) => compileExpression(argument, compilation));
  const { name, offset } = step;
  return (target, scope) => {
    const values = args.map((argument) => argument(scope));
    const result = callMethod(target, name, values);
    if (result !== undefined) return result;
    const place = compilation.place(offset);
    scope.rendering.notes.add(
      `${name}() with ${values.length} such arguments is not known of ${classNameOf(target)} and gives nothing (${place})`,
    );
    return null;
  };
}

/** What Java throws at is reported with its place in the template. */
function located(follow: Follow, { offset }: Step, compilation: Compilation): Follow {
  return (target, scope) => {
    try {
      return follow(target, scope);
    } catch (error) {
      throw compilation.locate(error, offset);
    }
  };
}

/**
 * The reference's text. On API Gateway one without a value renders as nothing, where Velocity prints its source; an escaped one prints its
 * source on both.
 *
 * Source: recorded on AWS (`[$doc.absent]` renders `[]`); Apache Velocity Engine 1.7, `ASTReference.render`.
 */
export function compileRenderedReference(reference: Reference, compilation: Compilation): Render {
  const { slashes, source, escaped, inert } = reference;
  if (inert) return (_, out) => out.write(source);
  const evaluate = compileReference(reference, compilation);
  if (escaped) {
    return (scope, out) => {
      const printed = scope.argumentSource(source) ?? source;
      out.write(slashes + (evaluate(scope) === null ? `\\${printed}` : printed));
    };
  }
  const before = slashes + reference.before;
  return (scope, out) => {
    const value = evaluate(scope);
    if (value instanceof Block) value.render(scope, out);
    else if (value === null) out.write(before);
    else out.write(before + textOf(value));
  };
}

/** `#set`: null isn't assigned. @throws TemplateError while rendering, beyond a list's end */
export function compileAssignment(target: Reference, value: Evaluate, compilation: Compilation): Render {
  const last = target.steps.at(-1);
  if (!last) {
    // As Velocity 1.7 reads it: the first token without its first character, so that `${x}` and `$!x` are not `$x`.
    const name = target.first.image.slice(1);
    return (scope) => {
      const assigned = value(scope);
      if (assigned !== null) scope.put(name, assigned);
    };
  }
  const owner = followSteps(target.root, target.steps.slice(0, -1), compilation);
  const assign = compileMember(last, compilation);
  return (scope) => {
    const assigned = value(scope);
    if (assigned === null) return;
    const holder = owner(scope);
    if (holder !== null) assign(holder, assigned, scope);
  };
}

type Assign = (holder: Exclude<Value, null>, value: Value, scope: Scope) => void;

function compileMember(step: Step, compilation: Compilation): Assign {
  if (step.kind === 'property') return (holder, value) => setProperty(holder, step.name, value);
  if (step.kind === 'method') return (holder, value) => setProperty(holder, step.name, value);
  const at = compileExpression(step.at, compilation);
  return (holder, value, scope) => {
    try {
      setIndex(holder, at(scope), value);
    } catch (error) {
      throw error instanceof TemplateError ? compilation.locate(error, step.offset) : error;
    }
  };
}
