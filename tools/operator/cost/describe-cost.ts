import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import type { CostLine, Estimate, Posture } from './estimate.ts';
import { PRICED_ON, type PricedRegion, type PriceItem } from './prices.ts';

/** What `two-region cost` tells; amounts are US dollars a month. */
export interface CostReport {
  readonly stage: string;
  /** A level, or the usage file. */
  readonly usage: string;
  readonly pricedOn: string;
  readonly regions: Readonly<
    Record<'primary' | 'secondary', { readonly region: string; readonly pricedAs: PricedRegion }>
  >;
  /** The stage as its settings have it. */
  readonly posture: Posture;
  readonly estimate: Estimate;
  /** Posture → usage → dollars. */
  readonly postures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What an extra adds to the stage's posture, by usage. */
  readonly extras: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly warnings: readonly string[];
}

const LINES_SHOWN = 12;

/** What halves the item that costs the most. */
const HALVES: Partial<Record<PriceItem, string>> = {
  'rest-request':
    'An HTTP API costs 30 % of a REST API; health checks every 30 s ask a third as often (4.2 million requests a month and region at 10 s).',
  'http-request': 'Nothing but fewer requests: batch events in the client.',
  'lambda-arm': 'Less memory_size where the function waits, a faster handler where it computes.',
  'lambda-x86': 'arm64 costs a fifth less.',
  'dynamodb-write':
    'Provisioned capacity costs about a fifth of on demand under a steady load; each replica doubles writes.',
  'dynamodb-read': 'Eventually consistent reads take half a unit.',
  'dynamodb-storage': 'A time to live on items that nobody reads.',
  'dynamodb-recovery': 'Point-in-time recovery on the tables that need it.',
  'logs-ingested': 'Log less per request: no access log for health checks, a higher log level, shorter lines.',
  'health-check-option': 'An interval of 30 s and no latency graph, in stages that nobody depends on.',
  'transfer-out': 'Compressed responses; the first terabyte through CloudFront is free.',
  'nat-hour': 'VPC endpoints in place of NAT gateways, or one gateway in a stage that may fail.',
  'alb-hour': 'One load balancer for several services.',
  'fargate-vcpu': 'Smaller tasks, or Fargate Spot in stages that may be interrupted.',
};

/** The report as an operator reads it. */
export function describeCost(report: CostReport, colors: Colors): string {
  const { stage, usage, posture, estimate, regions, postures, extras, warnings } = report;
  const top = estimate.lines[0];
  const usages = Object.keys(postures[posture] ?? {});
  return [
    colors.bold(`${stage}: ${dollars(estimate.dollars)} a month (${posture}, usage ${usage})`),
    `List prices of ${PRICED_ON} in US dollars, without free tiers, taxes and discounts.`,
    '',
    ...columns([
      ['service', 'region', 'quantity', 'unit', 'a month'],
      ...estimate.lines.slice(0, LINES_SHOWN).map((line) => lineCells(line, regions[line.regionType].region)),
      ...rest(estimate.lines.slice(LINES_SHOWN)),
    ]).map((line, at) => (at === 0 ? colors.dim(line) : line)),
    ...(top === undefined ? [] : ['', ...dominant(top, estimate)]),
    '',
    ...columns([
      ['posture', ...usages],
      ...Object.entries(postures).map(([name, byUsage]) => [name, ...usages.map((key) => dollars(byUsage[key] ?? 0))]),
      ...Object.entries(extras).map(([name, byUsage]) => [
        `+ ${name}`,
        ...usages.map((key) => `+${dollars(byUsage[key] ?? 0)}`),
      ]),
    ]).map((line, at) => (at === 0 ? colors.dim(line) : line)),
    ...(warnings.length === 0 ? [] : ['', ...warnings.map((warning) => colors.yellow(warning))]),
  ].join('\n');
}

function lineCells({ service, quantity, unit, dollars: amount }: CostLine, region: string): string[] {
  return [service, region, amountOf(quantity), unit, dollars(amount)];
}

function rest(lines: readonly CostLine[]): string[][] {
  if (lines.length === 0) return [];
  const sum = lines.reduce((total, line) => total + line.dollars, 0);
  return [[`${lines.length} more`, '', '', '', dollars(sum)]];
}

function dominant(line: CostLine, { dollars: total }: Estimate): string[] {
  const share = total === 0 ? 0 : Math.round((100 * line.dollars) / total);
  const text = `${line.service}, ${line.unit}: ${share} % of the whole.`;
  const remedy = HALVES[line.item];
  return [remedy === undefined ? text : `${text} What halves it: ${remedy}`];
}

/** `$1,234.50` */
export function dollars(value: number): string {
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function amountOf(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 });
}

/** @param today - milliseconds since 1970 */
export function ageWarning(today: number): string | undefined {
  const days = Math.floor((today - Date.parse(PRICED_ON)) / 86_400_000);
  return days > 365
    ? `The prices are ${days} days old: tools/operator/cost/prices.ts has the table and its sources.`
    : undefined;
}
