import { ExpressionError, isTolerable, UndeclaredError, UnknownValueError } from '#local/terraform/addressed-error.ts';
import { evaluateExpression } from '#local/terraform/expression/evaluate-expression.ts';
import type { Scope } from '#local/terraform/expression/scope.ts';
import { isSensitive, Placeholder, reveal, Sensitive, type Value } from '#local/terraform/expression/value/value.ts';
import { cidrFunctions } from './cidr.ts';
import { listFunctions } from './collections/lists.ts';
import { mapFunctions } from './collections/maps.ts';
import { setFunctions } from './collections/sets.ts';
import { conversionFunctions, sensitivityFunctions } from './conversion.ts';
import { dateFunctions } from './date.ts';
import { csvFunctions } from './encoding/csv.ts';
import { encodingFunctions } from './encoding/encoding.ts';
import { yamlFunctions } from './encoding/yaml.ts';
import { fileFunctions } from './files/file.ts';
import { templateFunctions } from './files/template.ts';
import type { FunctionContext, FunctionTable } from './function-definition.ts';
import { hashFunctions } from './hash.ts';
import { numberFunctions } from './number.ts';
import { formatFunctions } from './text/format.ts';
import { regularExpressionFunctions } from './text/regular-expression.ts';
import { textFunctions } from './text/text.ts';

const functions: FunctionTable = {
  ...cidrFunctions,
  ...conversionFunctions,
  ...csvFunctions,
  ...dateFunctions,
  ...encodingFunctions,
  ...fileFunctions,
  ...formatFunctions,
  ...hashFunctions,
  ...listFunctions,
  ...mapFunctions,
  ...numberFunctions,
  ...regularExpressionFunctions,
  ...setFunctions,
  ...templateFunctions,
  ...textFunctions,
  ...yamlFunctions,
};

/** Functions whose value is another at each call, and those that need a secret: a plan doesn't know it either. */
const untold: ReadonlySet<string> = new Set(['bcrypt', 'plantimestamp', 'rsadecrypt', 'timestamp', 'uuid']);

/**
 * Calls a Terraform function. Of a value that only AWS could tell the result is a placeholder, unless the function can do with the text.
 *
 * @param args - evaluate one argument each; `try` and `can` expect them to fail
 * @throws ExpressionError naming the function
 */
export function callFunction(written: string, args: readonly (() => Value)[], scope: Scope): Value {
  const name = written.startsWith('core::') ? written.slice('core::'.length) : written;
  if (name === 'try') return firstThatSucceeds(args);
  if (name === 'can') return allArguments(name, args, 1).every(succeeds);
  const marks = Object.hasOwn(sensitivityFunctions, name) ? sensitivityFunctions[name] : undefined;
  const called = marks ?? (Object.hasOwn(functions, name) ? functions[name] : undefined);
  if (untold.has(name)) {
    for (const evaluate of args) evaluate();
    return new Placeholder(`${name}()`);
  }
  if (!called) {
    if (scope.unknownFunction) return scope.unknownFunction(name);
    throw new UndeclaredError(`there is no function named ${name}()`);
  }
  if (args.length < called.min || args.length > called.max) {
    const most =
      called.max === Number.POSITIVE_INFINITY ? ' or more' : called.max > called.min ? ` to ${called.max}` : '';
    throw new ExpressionError(`${name}() got ${args.length} arguments; it takes ${called.min}${most}`);
  }
  const values = args.map((evaluate) => evaluate());
  const context: FunctionContext = { folder: scope.folder, render: templateRenderer(scope) };
  try {
    if (marks || !values.some(isSensitive)) return called.call(values, context);
    return new Sensitive(called.call(values.map(reveal), context));
  } catch (error) {
    if (error instanceof UndeclaredError) throw error;
    const unknown = values.find((value) => value instanceof Placeholder);
    if (error instanceof ExpressionError && unknown) return new Placeholder(`${name}(${unknown.path})`);
    if (error instanceof UnknownValueError) return new Placeholder(`${name}(${error.path})`);
    if (error instanceof ExpressionError) throw new ExpressionError(`${name}(): ${error.message}`);
    throw error;
  }
}

/** Within a template of its own only the given names mean something, and no other template is rendered. */
function templateRenderer(scope: Scope): FunctionContext['render'] {
  return (template, names) =>
    evaluateExpression(template, {
      folder: scope.folder,
      resolve(name) {
        const value = names.get(name);
        if (value === undefined) throw new ExpressionError(`the template's variables hold no ${name}`);
        return { value, applied: 0 };
      },
    });
}

function allArguments(name: string, args: readonly (() => Value)[], count: number): readonly (() => Value)[] {
  if (args.length === count) return args;
  throw new ExpressionError(`${name}() got ${args.length} arguments; it takes ${count}`);
}

function firstThatSucceeds(args: readonly (() => Value)[]): Value {
  if (args.length === 0) throw new ExpressionError('try() got 0 arguments; it takes 1 or more');
  const failures: string[] = [];
  for (const evaluate of args) {
    try {
      return evaluate();
    } catch (error) {
      if (!isTolerable(error)) throw error;
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
    if (isTolerable(error)) return false;
    throw error;
  }
}
