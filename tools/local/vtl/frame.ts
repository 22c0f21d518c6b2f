import { MAX_MACRO_DEPTH, MAX_STEPS, TemplateError } from './limits.ts';

import type { Value } from './values.ts';

/** The state of one rendering. Velocity has one scope: what a loop sets is seen after it. */
export class Frame {
  readonly variables: Map<string, Value>;
  /** A `#break` was met: the innermost loop, or else the template, ends. */
  broken = false;
  #steps = 0;
  #depth = 0;

  constructor(variables: Map<string, Value>) {
    this.variables = variables;
  }

  /** Counts a round of a loop. @throws TemplateError after 100,000 */
  step(): void {
    if (++this.#steps > MAX_STEPS) throw new TemplateError(`The template takes more than ${MAX_STEPS} steps.`);
  }

  /** Runs `body` with some variables set, and puts back what they hid. */
  within(local: Iterable<readonly [string, Value]>, body: () => string): string {
    const hidden: [string, Value][] = [];
    for (const [name, value] of local) {
      hidden.push([name, this.variables.get(name)]);
      this.variables.set(name, value);
    }
    try {
      return body();
    } finally {
      for (const [name, value] of hidden) this.variables.set(name, value);
    }
  }

  /** A macro's call. @throws TemplateError when macros call each other too deeply */
  call(body: () => string): string {
    this.step();
    if (this.#depth >= MAX_MACRO_DEPTH)
      throw new TemplateError(`The template's macros call each other more than ${MAX_MACRO_DEPTH} deep.`);
    this.#depth++;
    try {
      return body();
    } finally {
      this.#depth--;
    }
  }
}
