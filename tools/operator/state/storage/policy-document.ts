import { isDeepStrictEqual } from 'node:util';

/** A statement of an IAM policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** A policy out of its statements. @returns JSON */
export function policyOf(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Statements of a policy (JSON); none for `undefined` and the empty text. */
export function statementsOf(policy: string | undefined): readonly Statement[] {
  if (policy === undefined || policy === '') return [];
  const { Statement = [] }: { Statement?: Statement | Statement[] } = JSON.parse(policy);
  return [Statement].flat();
}

/** Whether IAM takes two statements as equal: a list of one for its element, lists in any order, numbers for their text. */
export function isSameStatement(one: Statement, other: Statement): boolean {
  return isDeepStrictEqual(canonical(one), canonical(other));
}

/** Whether two policies (JSON) hold the same statements in the same order. */
export function isSamePolicy(one: string | undefined, other: string | undefined): boolean {
  const [left, right] = [statementsOf(one), statementsOf(other)];
  return (
    left.length === right.length &&
    left.every((statement, at) => {
      const counterpart = right[at];
      return counterpart !== undefined && isSameStatement(statement, counterpart);
    })
  );
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements = value.map(canonical);
    return elements.length === 1 ? elements[0] : elements.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, canonical(element)]));
  }
  return String(value);
}
