import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { localAlarms, type RegionAlarms, readAlarms, type StageAlarms } from './read-alarms.ts';

interface AlarmsFlags {
  /** Milliseconds since the epoch; `true` for a day. */
  readonly history?: number | true;
  readonly local?: true;
  readonly json?: true;
}

const DAY_MILLISECONDS = 86_400_000;

/** Prints the state of a stage's alarms; exit code 2 when one is in ALARM, or could not be asked. */
export function runAlarms(stage: string | undefined, flags: AlarmsFlags): Promise<void> {
  const since = flags.history === true ? Date.now() - DAY_MILLISECONDS : flags.history;
  if (flags.local) {
    return runCommand(
      flags,
      async () => {
        const { runningStage } = await import('#operator/cli/running-stage.ts');
        const { context, control } = await runningStage(stage);
        return localAlarms(context, await control.alarms(), since);
      },
      REPORT,
    );
  }
  return runInStage(
    stage,
    flags,
    (context, { view }) => {
      view.phase('asking the alarms');
      const clientIn = (region: string) => new CloudWatchClient(clientSettings(accessOf(context), region));
      return readAlarms(context, clientIn, since);
    },
    REPORT,
  );
}

const REPORT: CommandReport<StageAlarms> = {
  text: describeAlarms,
  exitCode: ({ regions }) => {
    const isWell = regions.every(
      ({ alarms, problem }) => problem === undefined && alarms.every(({ state }) => state !== 'ALARM'),
    );
    return isWell ? ExitCode.Done : ExitCode.Usage;
  },
};

/** What is not OK, with since when and why, the number of what is; then what changed, newest first. */
export function describeAlarms({ stage, regions }: StageAlarms, colors: Colors): string {
  if (
    regions.every(({ alarms, changes = [], problem }) => alarms.length + changes.length === 0 && problem === undefined)
  ) {
    return `${stage} has no alarms yet: they come with its stacks.`;
  }
  return regions
    .filter(({ alarms, problem, changes = [] }) => alarms.length > 0 || problem !== undefined || changes.length > 0)
    .map((region) => describeRegion(region, colors).join('\n'))
    .join('\n\n');
}

function describeRegion({ region, alarms, changes, problem }: RegionAlarms, colors: Colors): readonly string[] {
  if (problem !== undefined) return [colors.bold(region), colors.red(`  did not answer: ${problem}`)];
  const order = ['ALARM', 'INSUFFICIENT_DATA'] as const;
  const rows = order.flatMap((state) =>
    alarms
      .filter((alarm) => alarm.state === state)
      .map(({ name, since, reason }) => [state, name, since === undefined ? '' : `since ${seconds(since)}`, reason]),
  );
  const paint = { ALARM: colors.red, INSUFFICIENT_DATA: colors.yellow };
  const ok = alarms.filter(({ state }) => state === 'OK').length;
  return [
    colors.bold(region),
    ...columns(rows).map((line) => `  ${line.startsWith('ALARM') ? paint.ALARM(line) : paint.INSUFFICIENT_DATA(line)}`),
    `  ${colors.green(`${ok} of ${alarms.length} OK`)}`,
    ...(changes === undefined ? [] : describeChanges(changes)),
  ];
}

function describeChanges(changes: NonNullable<RegionAlarms['changes']>): readonly string[] {
  if (changes.length === 0) return ['  nothing changed'];
  return columns(changes.map(({ time, name, summary }) => [seconds(time), name, summary])).map((line) => `  ${line}`);
}

/** Without the milliseconds, which say nothing of minutes. */
function seconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
