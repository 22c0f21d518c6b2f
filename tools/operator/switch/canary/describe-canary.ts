import type { MeasuredVersion } from '#operator/aws/version-metrics.ts';
import { columns } from '#operator/cli/columns.ts';
import type { ComparedFunction, Comparison } from './compare-versions.ts';

/** What both versions of each function did, in a table; functions that nobody called are left out. */
export function describeComparison({ functions }: Pick<Comparison, 'functions'>): readonly string[] {
  const called = functions.filter(({ before, after }) => before.requests + after.requests > 0);
  if (called.length === 0) return ['No function was called whose versions differ.'];
  const head = ['region', 'function', 'version', 'requests', 'errors', 'p99'];
  return columns([head, ...called.flatMap(rowsOf)]);
}

function rowsOf({ regionType, function: name, before, after }: ComparedFunction): readonly (readonly string[])[] {
  return [
    [regionType, name, ...cellsOf(before)],
    ['', '', ...cellsOf(after)],
  ];
}

function cellsOf({ version, requests, errors, durationP99 }: MeasuredVersion): readonly string[] {
  return [version, String(requests), String(errors), durationP99 === undefined ? '-' : `${Math.round(durationP99)} ms`];
}
