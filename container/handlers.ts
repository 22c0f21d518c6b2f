import type { Operation } from '#contract/operation.ts';
import type { Served } from '#functions/http/received-request.ts';

/** Handlers by the name of their function. */
export type Handlers = ReadonlyMap<string, Served>;

/** The very handlers that Lambda runs, of these operations' functions. @throws Error for a function that has none */
export async function loadHandlers(operations: readonly Operation[]): Promise<Handlers> {
  const names = [...new Set(operations.map((operation) => operation.function))];
  return new Map(await Promise.all(names.map(async (name) => [name, await loadHandler(name)] as const)));
}

async function loadHandler(name: string): Promise<Served> {
  // esbuild takes all files of this pattern into the bundle.
  const module: object = await import(`../functions/${name}/handler.ts`);
  if ('handler' in module && isServed(module.handler)) return module.handler;
  throw new Error(
    `functions/${name}/handler.ts exports no handler made by restHandler, httpHandler or templateHandler.`,
  );
}

function isServed(handler: unknown): handler is Served {
  return typeof handler === 'function' && 'serve' in handler && typeof handler.serve === 'function';
}
