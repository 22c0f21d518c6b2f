import { columns } from '../cli/columns.ts';
import type { Colors } from '../cli/terminal.ts';
import type { CheckResult } from './check.ts';

/** A line per check under what it is about, with what to do below those that are not as they must be. */
export function describeDoctor(results: readonly CheckResult[], colors: Colors): string {
  const paint: Readonly<Record<CheckResult['outcome'], (text: string) => string>> = {
    ok: colors.green,
    warn: colors.yellow,
    fail: colors.red,
    skipped: colors.dim,
  };
  const lines = columns(results.map(({ outcome, name, found }) => [outcome, name, found]));
  return [...new Set(results.map(({ about }) => about))]
    .flatMap((about) => [
      colors.bold(about),
      ...results.flatMap((result, at) => {
        if (result.about !== about) return [];
        const line = paint[result.outcome](lines[at] ?? '');
        return [`  ${line}`, ...(result.fix?.split('\n') ?? []).map((fix) => `         ${fix}`)];
      }),
    ])
    .join('\n');
}
