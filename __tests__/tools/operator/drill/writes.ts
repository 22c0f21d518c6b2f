import { operations } from '#contract/index.ts';
import { type Journey, trafficOf } from '#operator/drill/load/journeys.ts';
import { createLedger, type Item, type Ledger } from '#operator/drill/load/ledger.ts';

const [first] = trafficOf(operations, 'k3x9a0').journeys;
if (!first) throw new Error('The contract has nothing that is written and read.');
/** Users, by their id. */
export const journey: Journey = first;

/** A ledger with so many writes, each of an item of its own. */
export function ledgerWith(count: number): { readonly ledger: Ledger; readonly items: readonly Item[] } {
  const ledger = createLedger();
  const open = Array.from({ length: count }, () => ledger.beginWrite(journey));
  for (const { item, write } of open) ledger.endWrite(item, write, { region: 'primary' });
  return { ledger, items: open.map(({ item }) => item) };
}
