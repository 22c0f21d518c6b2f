import type { Value } from '#local/vtl/java/value.ts';
import type { Rendering } from './rendering.ts';

/** The variables that a part of a template sees. */
export interface Scope {
  readonly rendering: Rendering;
  get(name: string): Value;
  put(name: string, value: Value): void;
  remove(name: string): void;
  /** What a macro was called with for this reference, as it is written. */
  argumentSource(reference: string): string | undefined;
}

/** A template's own. */
export class TemplateScope implements Scope {
  readonly rendering: Rendering;
  readonly #variables: Map<string, Value>;

  constructor(rendering: Rendering, variables: Map<string, Value>) {
    this.rendering = rendering;
    this.#variables = variables;
  }

  get(name: string): Value {
    return this.#variables.get(name) ?? null;
  }

  put(name: string, value: Value): void {
    this.#variables.set(name, value);
  }

  remove(name: string): void {
    this.#variables.delete(name);
  }

  argumentSource(): undefined {
    return undefined;
  }
}

/** What a macro is called with: evaluated each time it is used, in the scope of the call. */
interface MacroArgument {
  readonly evaluate: (scope: Scope) => Value;
  readonly source: string;
}

/**
 * A macro's scope. What it sets is seen both in it and outside of it; what it is called with goes by name.
 *
 * Source: Apache Velocity Engine 1.7, `ProxyVMContext`.
 */
export class MacroScope implements Scope {
  readonly rendering: Rendering;
  readonly #outer: Scope;
  readonly #local = new Map<string, Value>();
  readonly #arguments = new Map<string, MacroArgument>();
  readonly #sources = new Map<string, string>();

  constructor(outer: Scope) {
    this.#outer = outer;
    this.rendering = outer.rendering;
  }

  bind(name: string, argument: MacroArgument): void {
    this.#arguments.set(name, argument);
    this.#sources.set(`$${name}`, argument.source);
  }

  /** Of the macro alone. */
  putLocal(name: string, value: Value): void {
    this.#local.set(name, value);
  }

  get(name: string): Value {
    const local = this.#local.get(name) ?? null;
    if (local !== null) return local;
    const argument = this.#arguments.get(name);
    return argument ? argument.evaluate(this.#outer) : this.#outer.get(name);
  }

  put(name: string, value: Value): void {
    this.#local.set(name, value);
    this.#outer.put(name, value);
  }

  remove(name: string): void {
    this.#local.delete(name);
    this.#arguments.delete(name);
    this.#outer.remove(name);
  }

  argumentSource(reference: string): string | undefined {
    return this.#sources.get(reference) ?? this.#outer.argumentSource(reference);
  }
}

/** A round of a loop whose element is null: its variable is null, whatever it stands for outside. */
export class NullElementScope implements Scope {
  readonly rendering: Rendering;
  readonly #outer: Scope;
  readonly #name: string;
  #active = true;

  constructor(outer: Scope, name: string) {
    this.#outer = outer;
    this.#name = name;
    this.rendering = outer.rendering;
  }

  get(name: string): Value {
    return this.#active && name === this.#name ? null : this.#outer.get(name);
  }

  put(name: string, value: Value): void {
    if (value === null && name === this.#name) this.#active = true;
    this.#outer.put(name, value);
  }

  remove(name: string): void {
    if (name === this.#name) this.#active = false;
    this.#outer.remove(name);
  }

  argumentSource(reference: string): string | undefined {
    return this.#outer.argumentSource(reference);
  }
}
