import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  any,
  binary,
  type FunctionContext,
  type FunctionTable,
  text,
} from '#local/terraform/expression/functions/function-definition.ts';
import { parseTemplate } from '#local/terraform/expression/syntax/read-expression.ts';
import { describeType, toText } from '#local/terraform/expression/value/convert.ts';
import { isNull, LazyObject, Mapping, type Value } from '#local/terraform/expression/value/value.ts';
import { readText } from './file.ts';

/** Source: Terraform, "templatefile" and "templatestring". */
export const templateFunctions: FunctionTable = {
  templatefile: binary(text, any, (name, names, context) => render(readText(name, context), names, context)),
  templatestring: binary(text, any, (template, names, context) => toText(render(template, names, context))),
};

function render(template: string, given: Value, context: FunctionContext): Value {
  const names = given instanceof LazyObject ? given.resolve() : given;
  if (!(names instanceof Mapping))
    throw new ExpressionError(`got ${describeType(given)} as the variables, a map is needed`);
  const wrong = [...names.members.keys()].find((name) => !/^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(name));
  if (wrong !== undefined) throw new ExpressionError(`got the variable ${JSON.stringify(wrong)}, which is no name`);
  const value = context.render(parseTemplate(template), names.members);
  if (isNull(value)) throw new ExpressionError('the template gives null');
  return value;
}
