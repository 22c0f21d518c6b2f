import { columns } from '../columns.ts';
import type { Colors } from '../terminal.ts';
import type { BootstrapReport } from './bootstrap.ts';
import type { Outcome } from './setting.ts';

/** What stands where, and what this run made of it: one line per resource and setting. */
export function describeBootstrap(report: BootstrapReport, colors: Colors): string {
  const { stage, account, region, bucket, lockTable } = report;
  const paint: Readonly<Record<Outcome, (text: string) => string>> = {
    existed: colors.dim,
    made: colors.green,
    repaired: colors.yellow,
  };
  const rows = [bucket, lockTable].flatMap(({ name, findings }) =>
    findings.map((finding) => ({ ...finding, cells: [finding.outcome, name, finding.name] })),
  );
  const lines = columns(rows.map(({ cells }) => cells));
  return [
    ...lines.map((line, at) => (rows[at] ? paint[rows[at].outcome](line) : line)),
    `Stage ${stage} keeps its state in ${region}, account ${account}.`,
  ].join('\n');
}
