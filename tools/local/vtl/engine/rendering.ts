import { MAX_EVALUATE_DEPTH, MAX_MACRO_DEPTH, MAX_SIZE, MAX_STEPS, TemplateError } from '#local/vtl/limits.ts';
import type { Macros } from './macros.ts';

/** What one rendering of a template has used up. */
export class Rendering {
  readonly macros: Macros;
  /** What was rendered without knowing what API Gateway makes of it. */
  readonly notes = new Set<string>();
  #steps = 0;
  #depth = 0;
  #evaluated = 0;
  #evaluations = 0;

  constructor(macros: Macros) {
    this.macros = macros;
  }

  /** Counts a round of a loop or a macro's call. @throws TemplateError after 100,000 */
  step(): void {
    if (++this.#steps > MAX_STEPS) throw new TemplateError(`The template takes more than ${MAX_STEPS} steps.`);
  }

  /**
   * `#evaluate` of a text.
   *
   * @throws TemplateError after as many characters as a payload may have, and more than 100 deep
   */
  evaluate(characters: number, body: () => void): void {
    this.step();
    this.#evaluated += characters;
    if (this.#evaluated > MAX_SIZE) throw new TemplateError(`The template evaluates more than ${MAX_SIZE} characters.`);
    if (this.#evaluations >= MAX_EVALUATE_DEPTH)
      throw new TemplateError(`The template evaluates texts more than ${MAX_EVALUATE_DEPTH} deep.`);
    this.#evaluations++;
    try {
      body();
    } finally {
      this.#evaluations--;
    }
  }

  /**
   * A macro's call. One that ends by `#break` or `#stop` still counts as open, as in Velocity 1.7.
   *
   * @throws TemplateError when macros call each other more than 20 deep
   */
  call(body: () => void): void {
    this.step();
    if (this.#depth >= MAX_MACRO_DEPTH)
      throw new TemplateError(`The template's macros call each other more than ${MAX_MACRO_DEPTH} deep.`);
    this.#depth++;
    body();
    this.#depth--;
  }
}

/** What is being rendered. */
export class Output {
  text = '';

  /** @throws TemplateError beyond the payload limit */
  write(text: string): void {
    this.text += text;
    if (this.text.length > MAX_SIZE)
      throw new TemplateError(`The template makes a text of more than ${MAX_SIZE} characters.`);
  }
}

/** What `#break` and `#stop` do: leave what encloses them, up to what they are for. */
export class StopCommand extends Error {
  /** `undefined`: whatever can be left first. `template`: the template, or what `#evaluate` was given. */
  readonly stops: object | 'template' | undefined;

  constructor(stops?: object | 'template') {
    super('#break or #stop for what has ended already');
    this.stops = stops;
  }

  isFor(what: object | 'template'): boolean {
    return this.stops === undefined || this.stops === what;
  }
}
