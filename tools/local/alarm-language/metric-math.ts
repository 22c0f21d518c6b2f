/** What metric math makes of one period; undefined: no data. */
export type Value = number | undefined;

/** Metric math, ready to be evaluated for any period. */
export interface CompiledMath {
  /** Of the metrics that it uses. */
  readonly names: readonly string[];
  /** @param of - of a metric in the period */
  readonly evaluate: (of: (name: string) => Value) => Value;
}

type Node = (of: (name: string) => Value) => Value;

/** What the functions make of the values of one period. Those without data count for nothing. */
const FUNCTIONS: Readonly<Record<string, (values: readonly number[]) => Value>> = {
  ABS: ([value]) => (value === undefined ? undefined : Math.abs(value)),
  AVG: (values) => (values.length === 0 ? undefined : total(values) / values.length),
  MAX: (values) => (values.length === 0 ? undefined : Math.max(...values)),
  MIN: (values) => (values.length === 0 ? undefined : Math.min(...values)),
  SUM: (values) => (values.length === 0 ? undefined : total(values)),
};

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([-+*/(),[\]]))/y;

/**
 * Compiles the part of metric math that looks at one period at a time: the four operations, numbers, metrics, `FILL(metric, number)` and
 * `ABS`, `AVG`, `MAX`, `MIN`, `SUM` of metrics, numbers and lists of them. A period in which an operand has no data has no result.
 *
 * Source: Amazon CloudWatch User Guide, "Using math expressions with CloudWatch metrics".
 *
 * @throws Error for anything else
 */
export function compileMath(expression: string): CompiledMath {
  const tokens = tokensOf(expression);
  const names = new Set<string>();
  let at = 0;
  const next = () => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at];
    if (token === undefined || (wanted !== undefined && token !== wanted)) throw unknown(expression);
    at += 1;
    return token;
  };

  const chain = (operators: string, operand: () => Node): Node => {
    let left = operand();
    while (operators.includes(next() ?? ' ')) {
      const [operator, one, other] = [take(), left, operand()];
      left = (of) => calculate(operator, one(of), other(of));
    }
    return left;
  };
  const sum = (): Node => chain('+-', product);
  const product = (): Node => chain('*/', factor);
  const list = (end: string): readonly Node[] => {
    const nodes: Node[] = [];
    while (next() !== end) {
      if (nodes.length > 0) take(',');
      if (next() === '[') {
        take('[');
        nodes.push(...list(']'));
      } else nodes.push(sum());
    }
    take(end);
    return nodes;
  };
  const call = (name: string): Node => {
    take('(');
    const operands = list(')');
    if (name === 'FILL') {
      const [value, fill] = operands;
      if (!value || !fill || operands.length !== 2) throw unknown(expression);
      return (of) => value(of) ?? fill(of);
    }
    const combine = FUNCTIONS[name];
    if (!combine) throw unknown(expression);
    return (of) => combine(operands.flatMap((operand) => operand(of) ?? []));
  };
  const factor = (): Node => {
    const token = take();
    if (token === '(') {
      const inner = sum();
      take(')');
      return inner;
    }
    if (token === '-') {
      const inner = factor();
      return (of) => calculate('-', 0, inner(of));
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^\w/.test(token)) throw unknown(expression);
    if (next() === '(') return call(token);
    names.add(token);
    return (of) => of(token);
  };

  const evaluate = sum();
  if (at < tokens.length) throw unknown(expression);
  return { names: [...names], evaluate };
}

function tokensOf(expression: string): readonly string[] {
  const tokens: string[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, number, name, sign] = TOKEN.exec(text) ?? [];
    const token = number ?? name ?? sign;
    if (token === undefined) throw unknown(expression);
    tokens.push(token);
  }
  return tokens;
}

function calculate(operator: string, one: Value, other: Value): Value {
  if (one === undefined || other === undefined) return undefined;
  switch (operator) {
    case '+':
      return one + other;
    case '-':
      return one - other;
    case '*':
      return one * other;
    default:
      // CloudWatch has no data where something is divided by zero.
      return other === 0 ? undefined : one / other;
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function unknown(expression: string): Error {
  return new Error(`This metric math is not served locally: ${expression}`);
}
