import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toList, toNumber, toText } from '#local/terraform/expression/convert.ts';
import type { Value } from '#local/terraform/expression/value.ts';
import { binary, type FunctionTable, unary, variadic } from './function-definition.ts';

const onNumber = (change: (number: number) => number) => unary((value) => change(toNumber(value)));

/** Source: Terraform, "Functions", section Numeric. */
export const numberFunctions: FunctionTable = {
  abs: onNumber(Math.abs),
  ceil: onNumber(Math.ceil),
  floor: onNumber(Math.floor),
  signum: onNumber(Math.sign),
  min: variadic(1, (values) => Math.min(...values.map(toNumber))),
  max: variadic(1, (values) => Math.max(...values.map(toNumber))),
  pow: binary((base, exponent) => toNumber(base) ** toNumber(exponent)),
  parseint: binary((text, base) => parseInteger(toText(text), toNumber(base))),
  sum: unary((list) => {
    const numbers = toList(list).map(toNumber);
    if (numbers.length === 0) throw new ExpressionError('got an empty list; sum needs at least one number');
    return numbers.reduce((total, number) => total + number, 0);
  }),
  range: variadic(1, (values) => range(values), 3),
};

function parseInteger(text: string, base: number): number {
  const number = Number.parseInt(text, base);
  if (Number.isNaN(number))
    throw new ExpressionError(`got ${JSON.stringify(text)}, which is no number of base ${base}`);
  return number;
}

function range(values: readonly Value[]): number[] {
  const [first = 0, second, third] = values.map(toNumber);
  const [start, limit] = second === undefined ? [0, first] : [first, second];
  const step = third ?? (start > limit ? -1 : 1);
  if (step === 0 || start > limit !== step < 0) return [];
  return Array.from({ length: Math.ceil((limit - start) / step) }, (_, position) => start + position * step);
}
