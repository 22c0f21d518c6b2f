export interface Ordered {
  readonly name: string;
  /** Names of what must be done before. */
  readonly dependencies: readonly string[];
}

/**
 * Works on everything in the order of its dependencies; what doesn't depend on each other at the same time.
 *
 * @throws the first error, when everything that had started is done
 */
export async function inOrder(
  all: readonly Ordered[],
  concurrency: number,
  work: (name: string) => Promise<void>,
): Promise<void> {
  const waiting = new Map(all.map((each) => [each.name, each]));
  const running = new Map<string, Promise<void>>();
  const done = new Set<string>();
  const errors: unknown[] = [];
  const start = (name: string) => {
    waiting.delete(name);
    const finished = work(name).then(
      () => done.add(name),
      (error: unknown) => errors.push(error),
    );
    running.set(
      name,
      finished.then(() => {
        running.delete(name);
      }),
    );
  };
  while (waiting.size + running.size > 0) {
    const ready = [...waiting.values()].filter(({ dependencies }) => dependencies.every((name) => done.has(name)));
    if (errors.length === 0) for (const { name } of ready.slice(0, concurrency - running.size)) start(name);
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (errors.length > 0) throw errors[0];
  if (waiting.size > 0) throw new Error(`Depend on each other: ${[...waiting.keys()].join(', ')}.`);
}

/** The same, the other way round: what was made last is destroyed first. */
export function reversed(all: readonly Ordered[]): Ordered[] {
  return all.map(({ name }) => ({
    name,
    dependencies: all.filter(({ dependencies }) => dependencies.includes(name)).map((dependent) => dependent.name),
  }));
}
