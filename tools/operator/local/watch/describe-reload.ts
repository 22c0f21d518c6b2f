import type { Colors } from '#operator/cli/terminal.ts';
import type { Reload } from './follow-working-tree.ts';

/** Paths that are named; of more, how many. */
const MOST_NAMED = 3;

/**
 * What became of a saved change, in lines for the terminal.
 *
 * @param mistakesBefore - mistakes of types that were told last
 */
export function describeReload(reload: Reload, mistakesBefore: number, colors: Colors): readonly string[] {
  switch (reload.outcome) {
    case 'served': {
      const { paths, what, milliseconds } = reload;
      return [`${colors.green('✓')} ${named(paths)} → ${what} ${colors.dim(`${Math.round(milliseconds)} ms`)}`];
    }
    case 'refused': {
      const [first = '', ...rest] = reload.why.split('\n');
      const head = `${colors.red('✗')} ${named(reload.paths)}: ${first}`;
      return [head, ...rest.map((line) => `  ${line}`), '  What was served before goes on being served.'];
    }
    case 'types': {
      const { mistakes } = reload;
      if (mistakes.length === 0) {
        return mistakesBefore === 0 ? [] : [`${colors.green('✓')} no mistakes of types any more`];
      }
      return [
        `${colors.yellow('!')} mistakes of types; what was saved is served all the same:`,
        ...mistakes.map((line) => `  ${line}`),
      ];
    }
  }
}

function named(paths: readonly string[]): string {
  const more = paths.length - MOST_NAMED;
  return [...paths.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more files`] : [])].join(', ');
}
