import type { Outcome } from '#operator/aws/setting.ts';
import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import type { BootstrapReport } from './bootstrap.ts';
import type { VerifiedState, VerifyReport } from './verify-state.ts';

/** A line per state, then every difference with its remedy, then the outcome. */
export function describeVerify(
  { stage, live, copy, states, notDeployed, differences }: VerifyReport,
  colors: Colors,
): string {
  const head = ['stack', 'serial', 'written', 'digest', `copy in ${copy.region}`, 'replication', 'locked'];
  const [title = '', ...lines] = columns([head, ...states.map(cells)]);
  const outcome =
    differences.length === 0
      ? colors.green(`${states.length} states of ${stage} in ${live.region}, their digests and their copies agree.`)
      : colors.red(`${differences.length} differences:`);
  return [
    ...(states.length === 0 ? [] : [colors.dim(title)]),
    ...lines.map((line, at) => (isRight(states[at]) ? line : colors.yellow(line))),
    ...(notDeployed.length === 0 ? [] : [colors.dim(`No state: ${notDeployed.join(', ')}.`)]),
    outcome,
    ...differences.map((difference) => `  ${difference}`),
  ].join('\n');
}

function cells({ stack, serial, modified, digest, copy, replication = '–', lock }: VerifiedState): string[] {
  const locked = lock === undefined ? '–' : `by ${lock.who} since ${lock.since} (${lock.operation})`;
  return [stack, String(serial), modified, digest, copy, replication, locked];
}

function isRight(state: VerifiedState | undefined): boolean {
  return state?.digest === 'same' && state.copy === 'same' && state.lock === undefined;
}

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
