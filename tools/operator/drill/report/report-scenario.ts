import type { Comparison } from '#operator/drill/load/compare-kept.ts';
import type { Sent } from '#operator/drill/load/load.ts';
import type { Marks, Observation } from '#operator/drill/scenario/observation.ts';
import type { StageContext } from '#stacks/context.ts';
import { prefix } from '#stacks/naming.ts';
import { conditionsOf, objectivesOf } from './judge.ts';
import { countBy, measuresOf, rounded, seriesOf } from './measure.ts';
import type { ScenarioReport } from './report-schema.ts';

/** Of what there may be thousands, so many are named. */
const EXAMPLES = 5;
const PROBLEMS = 12;

/** What is told of a scenario: figures, verdicts, and what operators saw. */
export function reportScenario(context: StageContext, observation: Observation): ScenarioReport {
  const { scenario, marks, moves, prediction, sent, comparison, stale, timeScale, lackedSeconds } = observation;
  const after = (time: number) => rounded(((time - marks.begun) / 1000) * timeScale);
  const during = sent.filter(
    ({ at }) => at >= (marks.fault ?? 0) && at < (marks.recovered ?? Number.POSITIVE_INFINITY),
  );
  const duringFault = countBy(during);
  const measures = measuresOf(observation);
  const conditions = conditionsOf(observation, measures, duringFault);
  const start = `${prefix(context)}-`;
  return {
    scenario: scenario.name,
    title: scenario.title,
    done: scenario.done,
    startedAt: new Date(marks.begun).toISOString(),
    seconds: after(marks.ended ?? marks.begun),
    moves,
    unnoticed: prediction?.noticed === false ? prediction.reason : null,
    passed: conditions.every(({ passed }) => passed),
    conditions: [...conditions],
    measures: [...measures],
    objectives: [...objectivesOf(context.settings.objectives, observation, measures)],
    requests: { all: countBy(sent), duringFault, problems: problemsOf(sent) },
    writes: {
      acknowledged: comparison.acknowledged,
      items: comparison.items,
      lost: comparison.lost.length,
      stale: stale.length,
      conflicts: comparison.conflicts.length,
      examples: [...lostExamples(comparison), ...staleExamples(observation), ...conflictExamples(comparison)],
      lackedSeconds: lackedSeconds === undefined ? null : rounded(lackedSeconds),
    },
    series: seriesOf(observation),
    marks: marksOf(marks, after),
    saw: {
      alarms: observation.alarms.map(({ since, region, name, from, state, reason }) => ({
        seconds: after(since),
        region,
        name: name.startsWith(start) ? name.slice(start.length) : name,
        from,
        to: state,
        reason,
      })),
      status: observation.status.map(({ moment, at, lines }) => ({ moment, seconds: after(at), lines: [...lines] })),
    },
  };
}

function problemsOf(sent: readonly Sent[]): ScenarioReport['requests']['problems'] {
  const counted = new Map<string, { route: string; problem: string; count: number }>();
  for (const { route, problem } of sent) {
    if (problem === undefined) continue;
    const key = `${route}\n${problem}`;
    counted.set(key, { route, problem, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()].sort((one, other) => other.count - one.count).slice(0, PROBLEMS);
}

function lostExamples({ lost }: Comparison): readonly string[] {
  return lost.slice(0, EXAMPLES).map(({ route, item, region, ackedAt, writtenIn, kept }) => {
    const what =
      kept === 'missing'
        ? 'nothing'
        : kept === 'unknown'
          ? 'something that the drill has not written'
          : 'an older write';
    return `Lost: ${route}, item ${item}, acknowledged at ${timeOf(ackedAt)} by the ${writtenIn ?? 'public name'}: the ${region} region holds ${what}.`;
  });
}

function staleExamples({ stale }: Observation): readonly string[] {
  return stale.slice(0, EXAMPLES).map(({ route, item, region, readAt, ackedAt, writtenIn }) => {
    const writer = writtenIn === undefined ? '' : `, written in the ${writtenIn} region`;
    return `Stale: ${route}, item ${item}, in the ${region ?? 'unknown'} region, ${readAt - ackedAt} ms after it had been acknowledged${writer}.`;
  });
}

function conflictExamples({ conflicts }: Comparison): readonly string[] {
  return conflicts.slice(0, EXAMPLES).map(({ route, item, stayed }) => {
    return `Written in both regions: ${route}, item ${item}; ${stayed === undefined ? 'they differ still' : `the ${stayed} region's write stayed`}.`;
  });
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 23);
}

function marksOf(marks: Marks, after: (time: number) => number): ScenarioReport['marks'] {
  const named = [
    ['fault', 'it fails', marks.fault],
    ['noticed', 'noticed', marks.noticed],
    ['moved', 'moved', marks.moved],
    ['noticed', 'held', marks.held],
    ['recovery', 'responds again', marks.recovered],
    ['recovery', 'healthy', marks.healthy],
    ['recovery', 'let back', marks.routedBack],
    ['end', 'back', marks.returned],
  ] as const;
  return named.flatMap(([kind, text, time]) => (time === undefined ? [] : [{ kind, text, seconds: after(time) }]));
}
