import type { RuntimeLog } from '../events/runtime-log.ts';
import type { Table } from '../model/model.ts';

/** Names of the tables that are global in both regions; one that is so in a single region is a warning. */
export function replicatedTables(
  primary: readonly Table[],
  secondary: readonly Table[],
  log: RuntimeLog,
): ReadonlySet<string> {
  const inPrimary = globalNames(primary);
  const inSecondary = globalNames(secondary);
  for (const name of new Set([...inPrimary, ...inSecondary])) {
    if (inPrimary.has(name) && inSecondary.has(name)) continue;
    const only = inPrimary.has(name) ? 'primary' : 'secondary';
    const message = `Table '${name}' is a global table in the ${only} region only: it isn't replicated.`;
    log.write({ kind: 'warning', time: Date.now(), message });
  }
  return new Set([...inPrimary].filter((name) => inSecondary.has(name)));
}

const globalNames = (tables: readonly Table[]): ReadonlySet<string> =>
  new Set(tables.filter((table) => table.global).map((table) => table.name));
