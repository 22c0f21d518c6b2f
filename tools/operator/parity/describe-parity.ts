import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import type { Difference, Parity } from './compare.ts';

const LONGEST = 60;

/** One table of what differs and may not, and one per reason of what differs and may. */
export function describeParity({ regions, same, differences, allowed }: Parity, colors: Colors): string {
  const head = ['', '', `primary ${regions.primary}`, `secondary ${regions.secondary}`];
  const verdict =
    differences.length === 0
      ? colors.green(`The regions are alike: ${same} facts are the same.`)
      : colors.red(
          `The regions differ in ${differences.length} of ${same + differences.length + allowed.length} facts:`,
        );
  const reasons = [...new Set(allowed.map(({ why }) => why))];
  return [
    verdict,
    ...(differences.length === 0
      ? []
      : table(head, differences).map((line, at) => (at === 0 ? line : colors.red(line)))),
    ...reasons.flatMap((why) => [
      '',
      `May differ: ${why}`,
      ...table(
        head,
        allowed.filter((each) => each.why === why),
      ).map(colors.dim),
    ]),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly Difference[]): string[] {
  const cells = together(rows).map(({ kind, name, primary, secondary }) => [
    kind,
    name,
    shown(primary),
    shown(secondary),
  ]);
  return columns([head, ...cells]).map((line) => `  ${line}`);
}

/** Differences that are the same in several environments become one: `user in envA, envB`. */
function together(rows: readonly Difference[]): readonly Difference[] {
  const found = new Map<string, Difference>();
  for (const row of rows) {
    const [subject = '', environment] = row.name.split(' in ');
    const key = JSON.stringify([row.kind, subject, row.primary, row.secondary, ...(environment ? [] : [row.name])]);
    const known = found.get(key);
    found.set(key, known && environment ? { ...known, name: `${known.name}, ${environment}` } : row);
  }
  return [...found.values()];
}

function shown(value: string | null): string {
  if (value === null) return 'not there';
  const line = value.replaceAll(/\s+/g, ' ');
  // Names of AWS begin alike and differ towards the end.
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST / 2 - 1)}…${line.slice(-LONGEST / 2)}`;
}
