import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import type { RegionType } from '#stacks/context.ts';
import type { ListedParameter } from './list.ts';
import type { ParameterProblem } from './parameter-problems.ts';
import type { ParameterWrite } from './put.ts';

/** One line per parameter: what was done in each region. */
export function describeWrites(writes: readonly ParameterWrite[], colors: Colors): string {
  if (writes.length === 0) return colors.yellow('The primary region has no parameter of the stage: nothing was done.');
  const rows = writes.map(({ name, primary, secondary }) => {
    const mirrored =
      secondary.outcome === 'failed' ? `mirror failed: ${secondary.reason}` : `mirror ${secondary.outcome}`;
    return { cells: [name, primary, mirrored], failed: secondary.outcome === 'failed' };
  });
  const lines = columns(rows.map(({ cells }) => cells));
  return lines.map((line, at) => (rows[at]?.failed ? colors.red(line) : line)).join('\n');
}

/** One line per parameter; further lines of a value follow indented. */
export function describeList(parameters: readonly ListedParameter[], colors: Colors): string {
  const width = Math.max(...parameters.map(({ name }) => name.length));
  return parameters
    .map(({ name, value, mirror }) => {
      const text = value === null ? colors.yellow('not set') : value.replaceAll('\n', `\n${' '.repeat(width + 2)}`);
      const warning =
        mirror === 'same' || mirror === 'left out' ? '' : `  ${colors.yellow(`(secondary region: ${mirror})`)}`;
      return `${name.padEnd(width)}  ${text}${warning}`;
    })
    .join('\n');
}

/** Every problem on a line of its own, or that there is none. */
export function describeCheck(
  problems: readonly ParameterProblem[],
  stage: string,
  count: number,
  colors: Colors,
  without?: RegionType,
): string {
  if (problems.length > 0) return problems.map(({ message }) => colors.red(message)).join('\n');
  const where = without === undefined ? 'the same in both regions' : `not compared with the ${without} region's`;
  return colors.green(`All ${count} parameters of stage ${stage} are set, well-formed and ${where}.`);
}
