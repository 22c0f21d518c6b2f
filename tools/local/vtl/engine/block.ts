import { JavaObject } from '#local/vtl/java/value.ts';
import type { Render } from './macros.ts';
import { Output, StopCommand } from './rendering.ts';
import type { Scope } from './scope.ts';

/**
 * What `#define` names, and a macro's `$bodyContent`: rendered each time it is used, in the scope of the use.
 *
 * Source: Apache Velocity Engine 1.7, `Block.Reference`.
 */
export class Block extends JavaObject {
  readonly className = 'org.apache.velocity.runtime.directive.Block$Reference';
  readonly #scope: Scope;
  readonly #body: Render;
  readonly #maxDepth: number;
  #depth = 0;

  constructor(scope: Scope, body: Render, maxDepth: number) {
    super();
    this.#scope = scope;
    this.#body = body;
    this.#maxDepth = maxDepth;
  }

  /** @returns false where it contains itself too deeply, and has no value */
  render(scope: Scope, out: Output): boolean {
    if (this.#depth >= this.#maxDepth) return false;
    scope.rendering.step();
    this.#depth++;
    try {
      this.#body(scope, out);
    } catch (error) {
      if (!(error instanceof StopCommand) || !error.isFor(this)) throw error;
    }
    this.#depth--;
    return true;
  }

  override toText(): string | null {
    const out = new Output();
    return this.render(this.#scope, out) ? out.text : null;
  }
}
