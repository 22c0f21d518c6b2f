import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { HEALTH_ROUTES } from '#contract/health-routes.ts';
import type { EventQuery } from '#local/events/event-query.ts';
import { routineProbes } from '#local/events/routine-probes.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { UsageError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runInStage } from '#operator/cli/run-command.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { describeEvent } from '#operator/local/describe-event.ts';
import { type LogsFlags, queryOf } from '#operator/local/show-logs.ts';
import { activeRegion, otherRegion, type StageContext } from '#stacks/context.ts';
import { LogReader, type LogsRead, MOST_EVENTS } from './read-logs.ts';
import { isRoutineLine, type StageEvent, stageFunctions, stageLogGroups } from './stage-log-groups.ts';

const MINUTE_MILLISECONDS = 60_000;
/** Between two looks: FilterLogEvents is limited to some a second per region, and there are a dozen groups. */
const LOOK_MILLISECONDS = 5000;
/** A look asks all groups at once, and may be told to wait. */
const MOST_ATTEMPTS = 8;

/** Prints what both regions of a stage have logged; with `follow` also what they log from then on, until Ctrl-C. Exit code 1 when a region does not answer. */
export function runLogs(stage: string | undefined, flags: LogsFlags): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context, { view }) => {
      const { since = Date.now() - (flags.follow ? 1 : 15) * MINUTE_MILLISECONDS, ...query } = queryOf(flags);
      const reader = openReader(context, { ...query, since });
      if (flags.follow) await follow(reader, flags.json === true, (problem) => view.line(problem));
      view.phase('reading the logs of both regions');
      return reader.look();
    },
    REPORT,
  );
}

/** @throws UsageError where no log group is asked for */
function openReader(context: StageContext, query: EventQuery & { readonly since: number }): LogReader {
  const { environment, function: name } = query;
  const environments = stageLogGroups(context, {}).flatMap((group) => group.environment ?? []);
  if (environment !== undefined && !environments.includes(environment)) {
    throw new UsageError(`--env is "${environment}", allowed are ${[...new Set(environments)].join(', ')}.`);
  }
  const groups = stageLogGroups(context, query);
  if (
    !groups.some(({ kind }) => kind === 'function') &&
    name !== undefined &&
    query.kinds?.includes('function') !== false
  ) {
    const standby = otherRegion(activeRegion(context.settings) ?? 'primary');
    const allowed = stageFunctions(context, query.region ?? standby).join(', ');
    throw new UsageError(`--function is "${name}", allowed are ${allowed}.`);
  }
  const clients = new Map<string, CloudWatchLogsClient>();
  const clientOf = (region: string) => {
    const settings = { ...clientSettings(accessOf(context), region), maxAttempts: MOST_ATTEMPTS };
    const client = clients.get(region) ?? new CloudWatchLogsClient(settings);
    clients.set(region, client);
    return client;
  };
  return new LogReader(groups, clientOf, query);
}

/** Until Ctrl-C. */
async function follow(reader: LogReader, json: boolean, tell: (problem: string) => void): Promise<never> {
  let told: readonly string[] = [];
  for (;;) {
    const { events, problems } = await reader.look();
    for (const problem of problems) if (!told.includes(problem)) tell(problem);
    told = problems;
    for (const line of json ? events.map((event) => JSON.stringify(event)) : describe(events)) console.log(line);
    await sleep(LOOK_MILLISECONDS);
  }
}

const REPORT: CommandReport<LogsRead> = {
  text: ({ events }) => {
    const lines = describe(events);
    return lines.length === 0 ? undefined : lines.join('\n');
  },
  remark: ({ events, more, problems }) =>
    [
      ...(events.length === 0 && problems.length === 0 ? ['No log line matches.'] : []),
      ...more.map((group) => `${group}: the first ${MOST_EVENTS} lines; ask for less with --since, --level or an id.`),
      ...problems,
    ].join('\n') || undefined,
  exitCode: ({ problems }) => (problems.length > 0 ? ExitCode.Failed : ExitCode.Done),
};

/** The same lines as of the local runtime's log. */
function describe(events: readonly StageEvent[]): readonly string[] {
  const colors = colorsFor(process.stdout);
  return events
    .filter((event) => !isRoutineLine(event) && !isRoutineProbe(event))
    .map((event) => describeEvent(event, colors));
}

const probes = Object.values(HEALTH_ROUTES).map(({ path }) => ({ resourcePath: path }));
const isRoutineProbe = routineProbes({
  regions: { primary: { healthChecks: probes }, secondary: { healthChecks: [] } },
});
