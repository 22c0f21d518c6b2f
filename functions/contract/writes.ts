import type { Access } from '#functions/environment.ts';

/** Actions that change nothing begin with one of these; whatever is not known to read counts as writing. */
const READING = /^\w+:(?:BatchGet|ConditionCheck|Describe|Get|Head|List|Query|Scan)/;

/** A variable that an operation may write to what it names. */
export interface Write {
  /** `USER_TABLE_NAME`. */
  readonly variable: string;
  readonly action: string;
}

/** What an operation may write, by what its function may do with the resources that it is given. */
export function writesOf({ access }: { readonly access: Access }): readonly Write[] {
  return Object.entries(access).flatMap(([variable, actions]) =>
    actions.filter((action) => !READING.test(action)).map((action) => ({ variable, action })),
  );
}

/** Variable of the first table that an operation writes to. @returns undefined where it writes to none */
export function tableWrite(operation: { readonly access: Access }): string | undefined {
  return writesOf(operation).find(({ action }) => action.startsWith('dynamodb:'))?.variable;
}
