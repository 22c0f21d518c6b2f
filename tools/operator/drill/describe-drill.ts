import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import type { PastDrill } from './history.ts';
import type { DrillReport, Measure, ScenarioReport } from './report/report-schema.ts';

/** What a drill came to, in a few lines, and where its report is. */
export function describeDrill(
  { stage, scenarios, passed, missed, timeScale, files }: DrillReport,
  colors: Colors,
): string {
  const failed = scenarios.filter((each) => !each.passed).map(({ scenario }) => scenario);
  const scale = timeScale === 1 ? '' : colors.dim(` (seconds of AWS; time ran ${timeScale} times as fast)`);
  return [
    passed
      ? colors.green(
          `The drill of ${stage} passed: ${scenarios.length === 1 ? scenarios[0]?.scenario : `${scenarios.length} scenarios`}.`,
        ) + scale
      : colors.red(`The drill of ${stage} failed: ${failed.join(', ')}.`) + scale,
    ...missed.map((each) => colors.red(`Missed: ${each}.`)),
    ...scenarios.flatMap(figures),
    `Report: ${files.html}`,
  ].join('\n');
}

function figures({ scenario, measures, writes, requests }: ScenarioReport): readonly string[] {
  const { acknowledged, lost, stale, conflicts } = writes;
  const all = Object.values(requests.all);
  const sum = (name: 'failed' | 'sent') => all.reduce((total, each) => total + each[name], 0);
  return [
    `${scenario}: ${sum('failed')} of ${sum('sent')} requests failed; ${lost} of ${acknowledged} acknowledged writes lost, ${stale} stale reads, ${conflicts} conflicts`,
    ...columns(
      measures.map(({ what, seconds, predicted }) => [
        what,
        seconds === null ? 'did not happen' : `${seconds} s`,
        range(predicted),
      ]),
    ).map((line) => `  ${line}`),
  ];
}

function range(predicted: Measure['predicted']): string {
  return predicted === null ? '' : `predicted ${predicted.atLeast} to ${predicted.atMost} s`;
}

/** What had to be so in one scenario, and whether it was. */
export function describeScenario({ scenario, conditions }: ScenarioReport, colors: Colors): readonly string[] {
  return conditions.map(({ text, passed, detail }) => {
    const sign = passed ? colors.green('✓') : colors.red('✗');
    return `${sign} ${scenario}: ${text} ${colors.dim(detail)}`;
  });
}

/** Drills of the past, the newest last, and how the time until clients are served has changed. */
export function describeHistory(drills: readonly PastDrill[], colors: Colors): string {
  const newest = drills.at(-1);
  if (newest === undefined) return 'No drill of this folder yet. Begin with: two-region drill --local';
  const rows = drills.map(({ at, stage, scenario, passed, missed, servedNew, servedKept, failed, lost }) => [
    at.replace('T', ' ').slice(0, 16),
    stage,
    scenario,
    passed ? (missed ? 'objective missed' : 'passed') : 'failed',
    seconds(servedNew),
    seconds(servedKept),
    String(failed),
    String(lost),
  ]);
  const [heading = '', ...lines] = columns([
    ['time (UTC)', 'stage', 'scenario', 'verdict', 'served: new', 'served: kept', 'failed', 'lost'],
    ...rows,
  ]);
  return [colors.bold(heading), ...lines, `The last one was ${ago(newest.at)}.`, ...trends(drills)].join('\n');
}

function seconds(value: number | null): string {
  return value === null ? '' : `${value} s`;
}

const DAY_MILLISECONDS = 86_400_000;

function ago(at: string): string {
  const days = Math.floor((Date.now() - Date.parse(at)) / DAY_MILLISECONDS);
  return days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
}

/** Of each scenario that was run more than once: the last figure beside the middle of those before. */
function trends(drills: readonly PastDrill[]): readonly string[] {
  return [...new Set(drills.map(({ scenario }) => scenario))].flatMap((scenario) => {
    const times = drills.flatMap((drill) =>
      drill.scenario === scenario && drill.servedNew !== null ? [drill.servedNew] : [],
    );
    const [last, before] = [times.at(-1), times.slice(0, -1).toSorted((one, other) => one - other)];
    const middle = before[Math.floor(before.length / 2)];
    if (last === undefined || middle === undefined) return [];
    return [`${scenario}: clients were served after ${last} s, the middle of ${before.length} before is ${middle} s.`];
  });
}
