import { columns } from '../cli/columns.ts';
import type { Colors } from '../cli/terminal.ts';
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
