import type { Service } from '#local/http/listen.ts';
import type { FunctionPool } from './pool.ts';

/** The processes of a region's functions, a pool for each version. What nobody uses any more comes to rest. */
export class SharedPools implements Service {
  readonly #pools = new Map<string, { readonly pool: FunctionPool; users: number }>();
  readonly #resting = new Set<FunctionPool>();

  /** The pool of a key, made when nobody has it. */
  take(key: string, create: () => FunctionPool): FunctionPool {
    const known = this.#pools.get(key) ?? { pool: create(), users: 0 };
    known.users += 1;
    this.#pools.set(key, known);
    return known.pool;
  }

  leave(key: string): void {
    const known = this.#pools.get(key);
    if (!known) return;
    known.users -= 1;
    if (known.users > 0) return;
    this.#pools.delete(key);
    this.#resting.add(known.pool);
    void known.pool.retire().then(() => this.#resting.delete(known.pool));
  }

  async close(): Promise<void> {
    const pools = [...[...this.#pools.values()].map(({ pool }) => pool), ...this.#resting];
    await Promise.all(pools.map((pool) => pool.close()));
  }
}
