import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { dollars } from './describe-cost.ts';
import type { CostChange } from './estimate.ts';

/** What `two-region cost --diff` tells; amounts are US dollars a month. */
export interface CostDifference {
  readonly stage: string;
  /** A level, or the usage file. */
  readonly usage: string;
  readonly pricedOn: string;
  /** Whether the stage has states: else all of it is new. */
  readonly deployed: boolean;
  readonly before: number;
  readonly after: number;
  readonly changes: readonly (CostChange & { readonly region: string })[];
  readonly warnings: readonly string[];
}

/** The difference as an operator reads it. */
export function describeCostDifference(report: CostDifference, colors: Colors): string {
  const { stage, usage, pricedOn, deployed, before, after, changes, warnings } = report;
  const [verb, more] = after < before ? ['less', before - after] : ['more', after - before];
  const lines = [
    colors.bold(
      changes.length === 0
        ? `${stage}: the next deploy changes nothing of ${dollars(before)} a month (usage ${usage})`
        : `${stage}: ${dollars(more)} a month ${verb} after the next deploy: ${dollars(before)} → ${dollars(after)} (usage ${usage})`,
    ),
    `List prices of ${pricedOn} in US dollars, without free tiers, taxes and discounts.`,
  ];
  if (!deployed) lines.push('Nothing is deployed: all of it is new.');
  if (changes.length > 0) {
    const rows = changes.map((change) => [
      change.service,
      change.region,
      dollars(change.before),
      dollars(change.after),
      `${change.after < change.before ? '-' : '+'}${dollars(Math.abs(change.after - change.before))}`,
    ]);
    const table = columns([['service', 'region', 'now', 'then', 'difference'], ...rows]);
    lines.push('', ...table.map((line, at) => (at === 0 ? colors.dim(line) : line)));
  }
  if (warnings.length > 0) lines.push('', ...warnings.map((warning) => colors.yellow(warning)));
  return lines.join('\n');
}
