import type { RegionSummary, RuntimeSummary } from '#local/control/summary.ts';
import type { DoorFacts } from '#local/debug/doors.ts';
import { type Colors, seconds } from '#operator/cli/terminal.ts';

/** What runs where, as a newcomer reads it: addresses, keys, lines to copy, and what the runtime leaves out. */
export function describeRuntime(summary: RuntimeSummary, sinceStartMilliseconds: number, colors: Colors): string {
  const { stage, apiKey, entry, unserved } = summary;
  return [
    '',
    colors.bold(`Stage ${stage} runs in two regions, ready in ${seconds(sinceStartMilliseconds / 1000)}.`),
    '',
    ...columns(addressRows(summary), colors),
    '',
    ...columns(keyRows(summary), colors),
    '',
    `  curl -H 'x-api-key: ${apiKey}' ${entry}/test`,
    ...signedCall(summary),
    '',
    ...describeData(summary),
    '',
    ...describeDebuggers(summary),
    'In another terminal: npx two-region local fail primary',
    ...describeRuntimes(summary, colors),
    ...describeUnserved(unserved, colors),
    '',
  ].join('\n');
}

function describeDebuggers({ debuggers = [] }: RuntimeSummary): string[] {
  if (debuggers.length === 0) return [];
  return [
    'Debuggers find the functions here; F5 in VS Code attaches to those of the primary region:',
    ...debuggers.map(describeDoor),
    '',
  ];
}

/** One line. */
export function describeDoor({ function: name, region, version, port }: DoorFacts): string {
  return `  127.0.0.1:${port}  ${name} in ${region}, version ${version}`;
}

function describeData({ dataFolder }: RuntimeSummary): string[] {
  return [
    dataFolder === undefined
      ? 'Tables, objects and parameters end with this run; --data <folder> keeps them.'
      : `Tables, objects and parameters are kept in ${dataFolder}.`,
    'AWS CLI and SDKs, in another terminal: eval "$(npx two-region local env)"',
  ];
}

/** On AWS the functions run on another Node.js than here. */
function describeRuntimes({ otherRuntimes }: RuntimeSummary, colors: Colors): string[] {
  if (otherRuntimes.length === 0) return [];
  const here = `Node.js ${process.versions.node}`;
  return ['', colors.yellow(`The functions are for ${otherRuntimes.join(', ')}, and run on ${here} here.`)];
}

type Row = readonly [label: string, value: string, note: string];

function addressRows({ page, entry, name, httpEntry, httpName = '', edge = [], regions }: RuntimeSummary): Row[] {
  const rows: Row[] = page === undefined ? [] : [['page', page, 'what runs, and buttons']];
  rows.push(['entry', entry, name]);
  if (httpEntry) rows.push(['', httpEntry, `${httpName} (HTTP API)`]);
  if (edge.length > 0) rows.push(['', 'CloudFront', `stands before the regions: ${edge.join(', ')}`]);
  for (const [type, region] of Object.entries(regions)) rows.push(...regionRows(type, region));
  return rows;
}

function regionRows(type: string, { region, url, environments, httpEnvironments, services }: RegionSummary): Row[] {
  const rest = Object.entries(environments).map(([name, at]): Row => [`  ${name}`, at, '']);
  const http = Object.entries(httpEnvironments).map(([name, at]): Row => [`  ${name}`, at, 'HTTP API']);
  const aws = Object.entries(services).map(([name, at]): Row => ['', at, name]);
  return [[type, url, region], ...rest, ...http, ...aws];
}

function keyRows({ apiKeys, invoker, stranger }: RuntimeSummary): Row[] {
  return [
    ...apiKeys.map(({ value, environments }): Row => ['API key', value, environments.join(', ')]),
    [
      'IAM user',
      `${invoker.accessKeyId} ${invoker.secretAccessKey}`,
      "may do what the primary region's role for callers may",
    ],
    ['IAM user', `${stranger.accessKeyId} ${stranger.secretAccessKey}`, 'may call none of them'],
  ];
}

/** Two ways to sign a request; the region is that which the public name leads to as long as it is healthy. */
function signedCall({ httpEntry, invoker: { accessKeyId, secretAccessKey }, regions }: RuntimeSummary): string[] {
  if (httpEntry === undefined) return [];
  const signing = `--aws-sigv4 aws:amz:${regions.primary.region}:execute-api --user '${accessKeyId}:${secretAccessKey}'`;
  return [`  curl ${signing} ${httpEntry}/events`, '  npx two-region call GET /events'];
}

/** Rows as lines; the second column is what a reader copies. */
function columns(rows: readonly Row[], colors: Colors): string[] {
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [labelWidth, valueWidth] = [width(0), width(1)];
  return rows.map(([label, value, note]) => {
    const line = `${label.padEnd(labelWidth)}  ${colors.cyan(value)}`;
    return note === '' ? line : `${line}${' '.repeat(valueWidth - value.length)}  ${colors.dim(note)}`;
  });
}

function describeUnserved(unserved: RuntimeSummary['unserved'], colors: Colors): string[] {
  if (unserved.length === 0) return [];
  const listed = unserved.map(({ type, addresses }) => `${type} (${addresses.length})`).join(', ');
  return ['', colors.dim(`Not served here: ${listed}.`)];
}
