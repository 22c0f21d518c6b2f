import { JavaMap } from '#local/vtl/java/collections.ts';
import type { Value } from '#local/vtl/java/value.ts';

/**
 * `$foreach`: where a loop is, the loop around it, and whatever a template puts into it.
 *
 * Source: Apache Velocity Engine 1.7, `ForeachScope`, `Scope`.
 */
export class LoopScope extends JavaMap {
  override readonly className = 'org.apache.velocity.runtime.directive.ForeachScope';
  readonly parent: LoopScope | null;
  /** What `$foreach` was before, when it was no loop. */
  readonly #replaced: Value;
  index = -1;
  hasNext = false;

  constructor(previous: Value) {
    super();
    this.parent = previous instanceof LoopScope ? previous : null;
    this.#replaced = this.parent ? null : previous;
  }

  get topmost(): LoopScope {
    return this.parent?.topmost ?? this;
  }

  get replaced(): Value {
    return this.#replaced ?? this.parent?.replaced ?? null;
  }

  /** Of the loop around, too. */
  override get(key: Value): Value {
    const own = super.get(key);
    return own === null && !this.has(key) ? (this.parent?.get(key) ?? null) : own;
  }

  override callOwn(name: string, args: readonly Value[]): Value | undefined {
    if (args.length > 0) return undefined;
    switch (name) {
      case 'getIndex':
        return this.index;
      case 'getCount':
        return this.index + 1;
      case 'hasNext':
      case 'getHasNext':
        return this.hasNext;
      case 'isFirst':
      case 'getFirst':
        return this.index < 1;
      case 'isLast':
      case 'getLast':
        return !this.hasNext;
      case 'getParent':
        return this.parent;
      case 'getTopmost':
        return this.topmost;
      case 'getReplaced':
        return this.replaced;
      default:
        return undefined;
    }
  }
}
