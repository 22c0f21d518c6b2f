import type { Command } from 'commander';
import { completeLine } from './complete-line.ts';
import { readKnownValues } from './known-values.ts';

/**
 * What the shells' scripts ask for: one line per candidate, value and description with a tabulator between them. It never fails and never
 * speaks of mistakes, as it runs while somebody types.
 *
 * @param args - words behind `two-region __complete --`
 */
export function printCandidates(program: Command, args: readonly string[]): void {
  try {
    const words = args[0] === '--' ? args.slice(1) : args;
    for (const { value, description } of completeLine(program, words, readKnownValues('settings.conf'))) {
      console.log(`${value}\t${description}`);
    }
  } catch {
    // No candidates: the shell goes on as if there were no completion.
  }
}
