import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import type { Leftover } from './leftovers.ts';
import { isNothing, type TidiedLeftover, type TidiedRegion, type TidyReport } from './tidy-stage.ts';

const KINDS: readonly Leftover['kind'][] = ['version', 'package', 'deployment', 'log group'];

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `1.3 MB`; a kilobyte has 1024 bytes, as Lambda counts its 75 GB. */
export function bytes(count: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), UNITS.length - 1);
  const value = count / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** What nothing needs any more: how many and how much of each kind, region by region, then each by its name. */
export function describePlan(report: Pick<TidyReport, 'policy' | 'regions' | 'stacks'>): readonly string[] {
  const { policy, regions, stacks } = report;
  return [
    `Nothing needs these any more; of each the newest ${policy.keepNewest} stay, and what is younger than ${policy.afterDays} days:`,
    ...regions.flatMap((region) => [`${region.region}${storageOf(region)}`, ...summaries(region.leftovers)]),
    ...stacks.flatMap(({ stack, changes }) => [`${stack}, by Terraform`, ...changes.map((change) => `  ${change}`)]),
    ...regions.flatMap(({ region, leftovers }) =>
      leftovers.length === 0 ? [] : [`Each in ${region}:`, ...columns(leftovers.map(row)).map((line) => `  ${line}`)],
    ),
  ];
}

function storageOf({ storage }: TidiedRegion): string {
  return storage === undefined
    ? ''
    : `, where Lambda keeps ${bytes(storage.used)} of ${bytes(storage.limit)} for the account`;
}

function summaries(leftovers: readonly TidiedLeftover[]): string[] {
  const rows = KINDS.flatMap((kind) => {
    const of = leftovers.filter((each) => each.kind === kind);
    return of.length === 0 ? [] : [[`${of.length}`, of.length === 1 ? kind : `${kind}s`, bytes(sum(of))]];
  });
  return rows.length === 0 ? ['  nothing'] : columns(rows).map((line) => `  ${line}`);
}

function row(leftover: TidiedLeftover): string[] {
  return [leftover.kind, nameOf(leftover), leftover.made.toISOString().slice(0, 10), bytes(leftover.bytes)];
}

function nameOf(leftover: Leftover): string {
  switch (leftover.kind) {
    case 'version':
      return `${leftover.name}:${leftover.version}`;
    case 'package':
      return `${leftover.key} ${leftover.versionId}`;
    case 'deployment':
      return `${leftover.api === 'rest' ? 'REST' : 'HTTP'} API ${leftover.apiId} ${leftover.id}`;
    case 'log group':
      return leftover.name;
  }
}

function sum(leftovers: readonly Leftover[]): number {
  return leftovers.reduce((total, each) => total + each.bytes, 0);
}

/** What was removed, or would be, and what could not. */
export function describeTidy(report: TidyReport, colors: Colors): string {
  const { stage, dryRun, regions, stacks, remarks } = report;
  const notes = remarks.map((remark) => colors.yellow(remark));
  if (isNothing(report)) return [`Nothing of ${stage} is to be tidied.`, ...notes].join('\n');
  if (dryRun) return [...describePlan(report), ...notes].join('\n');
  const failed = regions.flatMap(({ region, leftovers }) =>
    leftovers.flatMap((each) => (each.problem === undefined ? [] : [`${region}: ${nameOf(each)}: ${each.problem}`])),
  );
  const stopped = stacks.filter(({ outcome }) => outcome === 'failed' || outcome === 'not run');
  return [
    ...regions.flatMap(({ region, leftovers }) => {
      const removed = leftovers.filter(({ outcome }) => outcome === 'removed');
      return [`Removed in ${region}:`, ...summaries(removed)];
    }),
    ...stacks
      .filter((each) => !stopped.includes(each))
      .map(({ stack, changes }) => `Removed of ${stack}: ${changes.length}`),
    ...stopped.map(({ stack, problem = 'not begun' }) => colors.red(`${stack}: ${problem}`)),
    ...(failed.length === 0 ? [] : [colors.red('AWS did not remove:'), ...failed.map((line) => `  ${line}`)]),
    ...(leftAlone(regions) === 0 ? [] : [`${leftAlone(regions)} were not begun. Go on with: two-region tidy ${stage}`]),
    ...notes,
  ].join('\n');
}

function leftAlone(regions: readonly TidiedRegion[]): number {
  return regions.flatMap(({ leftovers }) => leftovers.filter(({ outcome }) => outcome === 'left')).length;
}
