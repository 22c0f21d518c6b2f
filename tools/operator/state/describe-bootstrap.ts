import { columns } from '../cli/columns.ts';
import type { Colors } from '../cli/terminal.ts';
import type { BootstrapReport } from './bootstrap.ts';
import type { Outcome } from './setting.ts';

/** What stands where, and what this run made of it: one line per resource and setting. */
export function describeBootstrap({ stage, account, resources }: BootstrapReport, colors: Colors): string {
  const paint: Readonly<Record<Outcome, (text: string) => string>> = {
    existed: colors.dim,
    made: colors.green,
    repaired: colors.yellow,
  };
  const rows = resources.flatMap(({ name, region, findings }) =>
    findings.map((finding) => ({ ...finding, cells: [finding.outcome, region, name, finding.name] })),
  );
  const lines = columns(rows.map(({ cells }) => cells));
  const [primary, secondary] = resources.filter(({ kind }) => kind === 'bucket').map(({ region }) => region);
  return [
    ...lines.map((line, at) => (rows[at] ? paint[rows[at].outcome](line) : line)),
    `Stage ${stage} keeps its state in ${primary}, a copy of it in ${secondary}, account ${account}.`,
  ].join('\n');
}
