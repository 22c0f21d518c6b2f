import { ExpressionError } from '#local/terraform/addressed-error.ts';
import type { Value } from '#local/terraform/expression/value.ts';
import { collectionFunctions } from './collection.ts';
import { conversionFunctions } from './conversion.ts';
import { encodingFunctions } from './encoding.ts';
import { fileFunctions } from './file.ts';
import { formatFunctions } from './format.ts';
import type { FunctionContext, FunctionTable } from './function-definition.ts';
import { hashFunctions } from './hash.ts';
import { numberFunctions } from './number.ts';
import { regularExpressionFunctions } from './regular-expression.ts';
import { textFunctions } from './text.ts';

const functions: FunctionTable = {
  ...collectionFunctions,
  ...conversionFunctions,
  ...encodingFunctions,
  ...fileFunctions,
  ...formatFunctions,
  ...hashFunctions,
  ...numberFunctions,
  ...regularExpressionFunctions,
  ...textFunctions,
};

/**
 * Calls a Terraform function.
 *
 * @param args - evaluate one argument each; `try` and `can` expect them to fail
 * @throws ExpressionError naming the function
 */
export function callFunction(name: string, args: readonly (() => Value)[], context: FunctionContext): Value {
  if (name === 'try') return firstThatSucceeds(args);
  if (name === 'can') return args.every(succeeds);
  const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!called) throw new ExpressionError(`the local runtime doesn't know the function ${name}()`);
  if (args.length < called.min || args.length > called.max) {
    const allowed = called.min === called.max ? `${called.min}` : `${called.min} to ${called.max}`;
    throw new ExpressionError(`${name}() got ${args.length} arguments; it takes ${allowed}`);
  }
  const values = args.map((evaluate) => evaluate());
  try {
    return called.call(values, context);
  } catch (error) {
    if (error instanceof ExpressionError) throw new ExpressionError(`${name}(): ${error.message}`);
    throw error;
  }
}

function firstThatSucceeds(args: readonly (() => Value)[]): Value {
  const failures: string[] = [];
  for (const evaluate of args) {
    try {
      return evaluate();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      failures.push(error.message);
    }
  }
  throw new ExpressionError(`try(): every argument fails: ${failures.join('; ')}`);
}

function succeeds(evaluate: () => Value): boolean {
  try {
    evaluate();
    return true;
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}
