import { compileExpression, type Evaluate } from './compile-expression.ts';
import type { Frame } from './frame.ts';
import { callMethod, getIndex, getProperty, setMember } from './java/members.ts';
import { textOf } from './java/strings.ts';
import type { Reference, Step } from './syntax.ts';
import { toValue, type Value } from './values.ts';

type Follow = (target: Value, frame: Frame) => Value;

/** The value that a reference names; `undefined` or `null` when it names none. */
export function compileReference({ root, steps }: Reference): Evaluate {
  const follow = steps.map(compileStep);
  return (frame) => {
    let value = frame.variables.get(root);
    for (const step of follow) {
      if (value === undefined || value === null) return undefined;
      value = step(value, frame);
    }
    return value;
  };
}

/** The reference's text. One without a value renders as it is written, or as nothing if it is quiet or one of API Gateway's own. */
export function compileRenderedReference(reference: Reference): (frame: Frame) => string {
  const evaluate = compileReference(reference);
  const absent = reference.quiet || isGatewayVariable(reference) ? '' : reference.source;
  return (frame) => {
    const value = evaluate(frame);
    if (typeof value === 'string') return value;
    return value === undefined || value === null ? absent : textOf(value);
  };
}

/** `#set`: null isn't assigned, as Velocity 1.7 has it by default. */
export function compileAssignment(target: Reference, value: Evaluate): (frame: Frame) => void {
  const last = target.steps.at(-1);
  if (last === undefined) {
    return (frame) => {
      const assigned = value(frame);
      if (assigned !== undefined && assigned !== null) frame.variables.set(target.root, assigned);
    };
  }
  const owner = compileReference({ ...target, steps: target.steps.slice(0, -1) });
  const key = compileKey(last);
  return (frame) => {
    const assigned = value(frame);
    if (assigned !== undefined && assigned !== null) setMember(owner(frame), textOf(key(frame)), assigned);
  };
}

function compileKey(step: Step): Evaluate {
  if (step.kind === 'index') return compileExpression(step.at);
  return () => step.name;
}

function compileStep(step: Step): Follow {
  if (step.kind === 'property') return (target) => getProperty(target, step.name);
  if (step.kind === 'index') {
    const at = compileExpression(step.at);
    return (target, frame) => getIndex(target, at(frame));
  }
  const args = step.args.map(compileExpression);
  return (target, frame) =>
    toValue(
      callMethod(
        target,
        step.name,
        args.map((argument) => argument(frame)),
      ),
    );
}

/** In API Gateway's own examples what a request doesn't have (`$context.identity.caller`) comes out empty. */
function isGatewayVariable({ root, steps: [first] }: Reference): boolean {
  if (root === 'context' || root === 'stageVariables') return first !== undefined;
  return root === 'input' && first?.kind === 'method' && (first.name === 'path' || first.name === 'params');
}
