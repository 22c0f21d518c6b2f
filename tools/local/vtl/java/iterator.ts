import { TemplateError } from '#local/vtl/limits.ts';
import type { JavaEntry, JavaList } from './collections.ts';
import { JavaObject, type Value } from './value.ts';

/** An iterator over a list. */
export class JavaIterator extends JavaObject {
  readonly className = 'java.util.ArrayList$Itr';
  readonly #list: JavaList;
  readonly #entries: readonly JavaEntry[] | undefined;
  readonly #changes: number;
  #at = 0;

  constructor(list: JavaList) {
    super();
    this.#list = list;
    this.#entries = list.entries;
    this.#changes = list.changes;
  }

  get hasNext(): boolean {
    return this.#at !== this.#list.items.length;
  }

  /** @throws TemplateError at the end, and when the list has grown or shrunk meanwhile */
  next(): Value {
    if (this.#list.changes !== this.#changes) throw new TemplateError('A list was changed while it was gone through.');
    if (!this.hasNext) throw new TemplateError('An iterator has no next element.');
    const at = this.#at++;
    return (this.#entries ? this.#entries[at]?.value : this.#list.items[at]) ?? null;
  }

  override toText(): string {
    return this.className;
  }
}
