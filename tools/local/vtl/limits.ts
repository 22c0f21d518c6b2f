/** A template that can't be compiled or fails while it renders: API Gateway answers 500. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What the client sent can't be read as the template needs it (a body that isn't JSON): API Gateway answers 400. */
export class TemplateInputError extends Error {
  override readonly name = 'TemplateInputError';
}

/** Rounds of one `#foreach`. Source: Amazon API Gateway Developer Guide, "Amazon API Gateway quotas". */
export const MAX_LOOP_ROUNDS = 1_000;
/** Rounds and macro calls of one rendering, nested ones counted: what bounds its time. */
export const MAX_STEPS = 100_000;
/** Macros that call macros, Velocity's `velocimacro.max.depth`. */
export const MAX_MACRO_DEPTH = 20;
/** Texts that `#evaluate` reads within others that it reads. */
export const MAX_EVALUATE_DEPTH = 100;
/** Characters of any text, and elements of any list: API Gateway's payload limit of 10 MB. */
export const MAX_SIZE = 10 * 1024 * 1024;

/** @throws TemplateError when a text has grown beyond the payload limit */
export function bounded(text: string): string {
  if (text.length > MAX_SIZE) throw new TemplateError(`The template makes a text of more than ${MAX_SIZE} characters.`);
  return text;
}
