import type { RuntimeLog } from '../events/runtime-log.ts';

/** Reasons may quote what clients sent: what is remembered is bounded. */
const MOST_REMEMBERED = 1000;

/** @returns writes a warning unless it was written before: for what is wrong with an API, not with a request */
export function createWarnOnce(log: RuntimeLog): (message: string) => void {
  const warned = new Set<string>();
  return (message) => {
    if (warned.has(message) || warned.size >= MOST_REMEMBERED) return;
    warned.add(message);
    log.write({ kind: 'warning', time: Date.now(), message });
  };
}
