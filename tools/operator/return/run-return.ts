import { confirmBeginning, confirmSwitch } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { movesNothing } from '#operator/route/move-route.ts';
import { describeRoute } from '#operator/route/run-route.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { COMPARED_ITEMS } from './compare-items.ts';
import { type ReturnPlace, type ReturnReport, returnRegion } from './return-region.ts';

interface ReturnFlags {
  readonly local?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Brings a region level and lets traffic go there again; exit code 1 while it is not level. */
export function runReturn(stage: string, region: RegionType, flags: ReturnFlags): Promise<void> {
  if (flags.local) {
    return runCommand(
      flags,
      async (surroundings) => {
        const [{ runningStage }, { localReturnPlace }] = await Promise.all([
          import('#operator/cli/running-stage.ts'),
          import('./return-places.ts'),
        ]);
        const { context, control } = await runningStage(stage);
        const { place, close } = await localReturnPlace({ context, control }, (text) => surroundings.view.phase(text));
        surroundings.atEnd(close);
        return perform(place, region, flags, surroundings);
      },
      REPORT,
    );
  }
  return runInStage(
    stage,
    flags,
    async (context, surroundings) => {
      requireStateThere(context, region);
      const { awsReturnPlace } = await import('./return-places.ts');
      const { view } = surroundings;
      const { place, close } = awsReturnPlace(context, {
        onProgress: (progress) => view.progress(progress),
        onStep: (text) => view.line(text),
        onPhase: (text) => view.phase(text),
      });
      surroundings.atEnd(close);
      return perform(place, region, flags, surroundings);
    },
    REPORT,
  );
}

/** Settings that lead everybody to the secondary region's states are everybody's to change. */
function requireStateThere({ settings, stage }: StageContext, region: RegionType): void {
  if (region === 'secondary' || !settings.stateInSecondary.includes(stage)) return;
  throw new RefusedError(
    `The state of ${stage} is in the secondary region (STATE_IN_SECONDARY in settings.conf). First: two-region state return ${stage}`,
  );
}

function perform(place: ReturnPlace, region: RegionType, { yes }: ReturnFlags, { view }: Surroundings) {
  const { stage, isProduction } = place;
  const other = otherRegion(region);
  return returnRegion(place, region, {
    onPhase: (text) => view.phase(text),
    confirm: async (owed) => {
      view.end();
      for (const line of owed) view.line(line);
      await confirmBeginning(`The ${region} region of ${stage} is brought level with the ${other} one.`, yes === true);
    },
    confirmRoute: async () => {
      view.end();
      if (movesNothing({ kind: 'back', region }, place.route.active)) {
        return confirmBeginning(`Traffic of ${stage} may go to the ${region} region again.`, yes === true);
      }
      const [from, to] = [`the ${other} region`, `the ${region} region`];
      await confirmSwitch({ stage, isProduction, from, to, yes: yes === true });
    },
  });
}

const REPORT: CommandReport<ReturnReport> = {
  text: describeReturn,
  exitCode: ({ outcome, route }) =>
    outcome === 'behind' || route?.outcome === 'waiting' ? ExitCode.Failed : ExitCode.Done,
};

/** What was brought level, what both regions have alike, what is not, and where traffic may go. */
export function describeReturn(report: ReturnReport, colors: Colors): string {
  const { stage, region, outcome, done, problems, parity, tables, conflicts, route } = report;
  const compared = tables.flatMap(({ table, items }) => (items === null ? [] : [`${table} ${items}`]));
  const left = tables.flatMap(({ table, items }) => (items === null ? [table] : []));
  return [
    ...done,
    `Parity: ${parity.same} facts are the same.`,
    ...(compared.length === 0 ? [] : [`Items compared: ${compared.join(', ')}.`]),
    ...(left.length === 0
      ? []
      : [colors.yellow(`Not compared, as they have more than ${COMPARED_ITEMS} items: ${left.join(', ')}.`)]),
    ...conflicts.map(({ table, key, stayed }) => {
      const whose = stayed === 'neither' ? 'a later write stayed' : `the ${stayed} region's write stayed`;
      return colors.yellow(`Written in both regions: ${table} ${key}; ${whose}.`);
    }),
    outcome === 'level'
      ? colors.green(`The ${region} region of ${stage} is level with the ${otherRegion(region)} one.`)
      : colors.red(`The ${region} region of ${stage} is not level, and traffic is kept as it was:`),
    ...problems.map((problem) => `  ${problem}`),
    ...(route === undefined ? [] : [describeRoute(route, colors)]),
  ].join('\n');
}
