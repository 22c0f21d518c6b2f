import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { firewallLogs, localBlocked, type RegionBlocked, readBlocked } from './read-blocked.ts';

interface WafFlags {
  /** Milliseconds since the epoch. @default - an hour ago */
  readonly since?: number;
  readonly local?: true;
  readonly json?: true;
}

interface StageBlocked {
  readonly stage: string;
  readonly regions: readonly RegionBlocked[];
  /** Statements of rules that the local runtime does not serve: AWS's own groups. */
  readonly notServed?: readonly string[];
}

/** What the local runtime's list has before the statement of a rule that it does not serve. */
const UNSERVED = 'aws_wafv2_web_acl.rule ';

const HOUR_MILLISECONDS = 3_600_000;

/** Prints what the web ACLs of a stage blocked; exit code 1 when a region does not answer. */
export function runWaf(
  stage: string | undefined,
  { since = Date.now() - HOUR_MILLISECONDS, ...flags }: WafFlags,
): Promise<void> {
  if (flags.local) {
    return runCommand(
      flags,
      async () => {
        const { runningStage } = await import('#operator/cli/running-stage.ts');
        const { context, control } = await runningStage(stage);
        const events = await control.events({ kinds: ['waf'], since });
        const { unserved } = await control.regions();
        const groups = unserved.filter(({ type }) => type.startsWith(UNSERVED)).map(({ type }) => type);
        const notServed = groups.map((type) => type.slice(UNSERVED.length));
        return { stage: context.stage, regions: localBlocked(context, events), notServed };
      },
      REPORT,
    );
  }
  return runInStage(
    stage,
    flags,
    async (context, { view }) => {
      view.phase("reading the firewalls' logs");
      const asked = firewallLogs(context).map((log) =>
        readBlocked(log, new CloudWatchLogsClient(clientSettings(accessOf(context), log.region)), since),
      );
      return { stage: context.stage, regions: await Promise.all(asked) };
    },
    REPORT,
  );
}

const REPORT: CommandReport<StageBlocked> = {
  text: ({ regions, notServed = [] }, colors) =>
    [
      ...regions.map((region) => describeBlocked(region, colors)),
      ...(notServed.length > 0 ? [`Not served here, so that nothing is blocked by it: ${notServed.join(', ')}`] : []),
    ].join('\n\n'),
  exitCode: ({ regions }) => (regions.some(({ problem }) => problem !== undefined) ? ExitCode.Failed : ExitCode.Done),
};

/** How many by which rule, and the last ones. */
export function describeBlocked({ regionType, region, problem, ...found }: RegionBlocked, colors: Colors): string {
  const title = colors.bold(`${regionType} ${region}`);
  if (problem !== undefined) return `${title}\n${colors.red(`  ${problem}`)}`;
  const { byRule, last, more, spared = [] } = found;
  const passed = spared.map(
    (rule) => `  127.0.0.1 would be blocked by ${rule}: counted, not blocked; npm start -- --waf blocks it`,
  );
  if (last.length === 0) return [title, '  nothing was blocked', ...passed].join('\n');
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
    ...passed,
  ].join('\n');
}
