import { AddressedError, ExpressionError } from './addressed-error.ts';

interface Node {
  readonly stack: string;
  readonly address: string;
}

/**
 * Values that are computed when they are first needed, once. What a computation needs it asks for while it runs, so the order follows
 * from the references; one that needs itself is a cycle.
 */
export class LazyGraph {
  readonly #running = new Map<string, Node>();
  readonly #failures = new Set<AddressedError>();

  /** Messages of everything that failed, each once, however many depend on it. */
  get failures(): readonly string[] {
    return [...this.#failures].map((failure) => failure.message);
  }

  /** @returns a reader of the node's value, which throws the node's {@link AddressedError} if it has none */
  node<T>(stack: string, address: string, compute: () => T): () => T {
    let settled: (() => T) | undefined;
    const key = `${stack}: ${address}`;
    return () => {
      settled ??= this.#settle(key, { stack, address }, compute);
      return settled();
    };
  }

  #settle<T>(key: string, node: Node, compute: () => T): () => T {
    if (this.#running.has(key)) {
      const nodes = [...this.#running.keys()];
      const cycle = [...nodes.slice(nodes.indexOf(key)), key].join(' → ');
      return this.#fail(new AddressedError(node.stack, node.address, `the references form a cycle: ${cycle}`));
    }
    this.#running.set(key, node);
    try {
      const value = compute();
      return () => value;
    } catch (error) {
      if (error instanceof AddressedError) return this.#fail(error);
      if (!(error instanceof ExpressionError)) throw error;
      return this.#fail(new AddressedError(node.stack, node.address, error.message));
    } finally {
      this.#running.delete(key);
    }
  }

  #fail(failure: AddressedError): () => never {
    this.#failures.add(failure);
    return () => {
      throw failure;
    };
  }
}
