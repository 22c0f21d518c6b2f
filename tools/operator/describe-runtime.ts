import type { RuntimeSummary } from '../local/summary.ts';
import { type Colors, seconds } from './terminal.ts';

/** What runs where, as a newcomer reads it: addresses, the key, a line to copy, and what the runtime leaves out. */
export function describeRuntime(summary: RuntimeSummary, sinceStartMilliseconds: number, colors: Colors): string {
  const { stage, entry, name, apiKey, apiKeys, regions, unserved } = summary;
  const rows = Object.entries(regions).flatMap(([type, { region, url, environments }]) => [
    [type, url, region],
    ...Object.entries(environments).map(([environment, at]) => [`  ${environment}`, at, '']),
  ]);
  const table = [['entry', entry, name], ...rows];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map(([label = '', url = '', note = '']) =>
    `${label.padEnd(widths[0] ?? 0)}  ${colors.cyan(url)}${' '.repeat((widths[1] ?? 0) - url.length)}  ${colors.dim(note)}`.trimEnd(),
  );
  return [
    '',
    colors.bold(`Stage ${stage} runs in two regions, ready in ${seconds(sinceStartMilliseconds / 1000)}.`),
    '',
    ...lines,
    '',
    ...apiKeys.map(({ value, environments }) => `API key  ${value}  ${colors.dim(environments.join(', '))}`),
    '',
    `  curl -H 'x-api-key: ${apiKey}' ${entry}/test`,
    '',
    'In another terminal: npx two-region local fail primary',
    ...describeUnserved(unserved, colors),
    '',
  ].join('\n');
}

function describeUnserved(unserved: RuntimeSummary['unserved'], colors: Colors): string[] {
  if (unserved.length === 0) return [];
  const listed = unserved.map(({ type, addresses }) => `${type} (${addresses.length})`).join(', ');
  return ['', colors.dim(`Not served here: ${listed}.`)];
}
