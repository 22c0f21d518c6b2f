import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runInStage } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { inRegion } from '#stacks/context.ts';
import { type RegionBlocked, readBlocked } from './read-blocked.ts';

interface WafFlags {
  /** Milliseconds since the epoch. @default - an hour ago */
  readonly since?: number;
  readonly json?: true;
}

interface StageBlocked {
  readonly stage: string;
  readonly regions: readonly RegionBlocked[];
}

const HOUR_MILLISECONDS = 3_600_000;

/** Prints what the web ACLs of a stage blocked; exit code 1 when a region does not answer. */
export function runWaf(
  stage: string | undefined,
  { since = Date.now() - HOUR_MILLISECONDS, ...flags }: WafFlags,
): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context, { view }) => {
      view.phase("reading the firewalls' logs");
      const asked = (['primary', 'secondary'] as const).map((regionType) => {
        const settings = clientSettings(accessOf(context), inRegion(context, regionType).region);
        return readBlocked(context, regionType, new CloudWatchLogsClient(settings), since);
      });
      return { stage: context.stage, regions: await Promise.all(asked) };
    },
    REPORT,
  );
}

const REPORT: CommandReport<StageBlocked> = {
  text: ({ regions }, colors) => regions.map((region) => describeBlocked(region, colors)).join('\n\n'),
  exitCode: ({ regions }) => (regions.some(({ problem }) => problem !== undefined) ? ExitCode.Failed : ExitCode.Done),
};

/** How many by which rule, and the last ones. */
export function describeBlocked({ regionType, region, byRule, last, more, problem }: RegionBlocked, colors: Colors) {
  const title = colors.bold(`${regionType} ${region}`);
  if (problem !== undefined) return `${title}\n${colors.red(`  ${problem}`)}`;
  if (last.length === 0) return `${title}\n  nothing was blocked`;
  const counts = Object.entries(byRule).map(([rule, count]) => [String(count), rule]);
  const rows = last.map(({ time, rule, ip, country, method, path }) => [
    time.replace(/\.\d+Z$/, 'Z'),
    `${method} ${path}`,
    `${ip} (${country})`,
    rule,
  ]);
  return [
    title,
    ...columns(counts).map((line) => `  ${line}`),
    ...(more ? ['  and more: ask for less with --since'] : []),
    '  last:',
    ...columns(rows).map((line) => `  ${colors.dim(line)}`),
  ].join('\n');
}
