import type { Verdict } from '#operator/account/verdict.ts';
import type { PastDrill } from '#operator/drill/history.ts';

/** A quarter: what nobody has tried for so long is a guess. */
const MOST_DAYS = 92;
const DAY_MILLISECONDS = 86_400_000;

/**
 * When a failover was last rehearsed, and what came of it. Of each scenario its last drill counts.
 *
 * @param drills - those that this machine knows, of any stage, the oldest first
 */
export function judgeDrills(
  stage: string,
  drills: readonly Pick<PastDrill, 'at' | 'missed' | 'passed' | 'scenario' | 'stage'>[],
  now = Date.now(),
): Verdict {
  const latest = new Map(drills.filter((drill) => drill.stage === stage).map((drill) => [drill.scenario, drill]));
  const fix = `two-region drill ${stage} --local`;
  if (latest.size === 0) return { outcome: 'skipped', found: 'none is known on this machine', fix };
  const all = [...latest.values()];
  const days = Math.floor((now - Math.max(...all.map(({ at }) => Date.parse(at)))) / DAY_MILLISECONDS);
  const scenarios = all.length === 1 ? 'one scenario' : `${all.length} scenarios`;
  const found = `the last one ${days === 0 ? 'today' : `${days} days ago`}, of ${scenarios}`;
  const failed = all.filter(({ passed }) => !passed).map(({ scenario }) => scenario);
  if (failed.length > 0) return { outcome: 'fail', found: `${found}; not passed: ${failed.join(', ')}`, fix };
  const missed = all.filter((drill) => drill.missed).map(({ scenario }) => scenario);
  if (missed.length > 0) return { outcome: 'warn', found: `${found}; objectives missed: ${missed.join(', ')}`, fix };
  return days > MOST_DAYS ? { outcome: 'warn', found, fix } : { outcome: 'ok', found };
}
