import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { any, type FunctionTable, set, variadic } from '#local/terraform/expression/functions/function-definition.ts';
import { convert, describeType } from '#local/terraform/expression/value/convert.ts';
import { createSet, equalValues } from '#local/terraform/expression/value/set.ts';
import { setOf, type TupleType, type Type } from '#local/terraform/expression/value/type.ts';
import { unify } from '#local/terraform/expression/value/unify.ts';
import { Sequence, typeOf, type Value } from '#local/terraform/expression/value/value.ts';

/** More rows than a configuration ever has are refused. */
const MOST_ROWS = 1_000_000;

/** Source: Terraform, "Functions", section Collection: what takes sets. */
export const setFunctions: FunctionTable = {
  setunion: setOperation(1, Number.POSITIVE_INFINITY, (left, right) => [...left, ...right]),
  setintersection: setOperation(1, Number.POSITIVE_INFINITY, (left, right) =>
    left.filter((item) => includes(right, item)),
  ),
  setsubtract: setOperation(2, 2, (left, right) => left.filter((item) => !includes(right, item))),
  setproduct: variadic(2, any, product),
};

function setOperation(
  min: number,
  max: number,
  combine: (left: readonly Value[], right: readonly Value[]) => readonly Value[],
) {
  return variadic(
    min,
    set('dynamic'),
    (sets) => {
      const types = sets
        .filter(({ element, items }) => items.length > 0 || element !== 'dynamic')
        .map(({ element }) => element);
      const element = types.length === 0 ? 'dynamic' : unify(types, true);
      if (element === undefined) throw new ExpressionError('the elements of the sets have no common type');
      const [first = Sequence.set(element, []), ...others] = sets.map((one) => toSet(one, element));
      return createSet(
        element,
        others.reduce<readonly Value[]>((items, other) => combine(items, other.items), first.items),
      );
    },
    max,
  );
}

function toSet(one: Sequence, element: Type): Sequence {
  const converted = convert(one, setOf(element));
  return converted instanceof Sequence ? converted : one;
}

function includes(items: readonly Value[], wanted: Value): boolean {
  return items.some((item) => equalValues(item, wanted));
}

/** All combinations: a list where all arguments are lists or tuples, else a set. */
function product(values: readonly Value[]): Value {
  const columns = values.map((value) => {
    if (!(value instanceof Sequence)) throw new ExpressionError(`got ${describeType(value)}, a set or list is needed`);
    const isOpen = value.kind === 'tuple' && value.items.length > 0;
    const element = isOpen ? unify(value.items.map(typeOf), true) : value.element;
    if (element === undefined) throw new ExpressionError('all elements of a list must be of the same type');
    return { isSet: value.kind === 'set', element, items: value.items.map((item) => convert(item, element)) };
  });
  const count = columns.reduce((rows, { items }) => rows * items.length, 1);
  if (count > MOST_ROWS)
    throw new ExpressionError(`the product would have ${count} elements; at most ${MOST_ROWS} are made`);
  const rows = columns.reduce<readonly (readonly Value[])[]>(
    (before, { items }) => before.flatMap((row) => items.map((item) => [...row, item])),
    [[]],
  );
  const element: TupleType = { kind: 'tuple', elements: columns.map((column) => column.element) };
  const tuples = rows.map((row) => Sequence.tuple(row));
  return columns.some(({ isSet }) => isSet) ? createSet(element, tuples) : Sequence.list(element, tuples);
}
