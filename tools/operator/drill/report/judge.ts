import { HEARTBEAT } from '#functions/environment.ts';
import type { Observation } from '#operator/drill/scenario/observation.ts';
import type { ObjectiveSettings } from '#stacks/settings/index.ts';
import { rounded } from './measure.ts';
import type { Condition, Counts, Measure, Objective } from './report-schema.ts';

/** How much longer than predicted something may take before it counts as late: a share, and seconds of this machine. */
const LATE_SHARE = 0.1;
const LATE_SECONDS = 2;

/** What must be so after a scenario, and whether it was. */
export function conditionsOf(
  observation: Observation,
  measures: readonly Measure[],
  duringFault: Readonly<Record<string, Counts>>,
): readonly Condition[] {
  const { moves, scenario } = observation;
  return [
    calm(observation),
    ...(moves ? failover(observation, measures) : stayed(observation)),
    ...(scenario.fault.kind === 'overload' ? overloaded(duringFault) : []),
    ...(scenario.fault.kind === 'partition' ? bothServed(duringFault) : []),
    ...alarms(observation),
    ...kept(observation),
    healthyAgain(observation),
  ];
}

/** Failures of a machine that can't keep up would be taken for those of the fault. */
function calm({ sent, marks, perSecond }: Observation): Condition {
  const before = sent.filter(({ at, milliseconds }) => at + milliseconds < (marks.fault ?? 0));
  const failed = before.filter(({ outcome }) => outcome === 'failed').length;
  return {
    id: 'calm',
    text: 'Before the fault every request is served.',
    passed: before.length > 0 && failed === 0,
    detail:
      failed === 0
        ? `${before.length} were.`
        : `${failed} of ${before.length} failed: ${perSecond} requests a second are too many here, see --load.`,
  };
}

function failover(
  { marks, failback, timeScale, events, prediction, isFromOutside }: Observation,
  measures: readonly Measure[],
): readonly Condition[] {
  const noticed: Condition = {
    id: 'noticed',
    text: 'The health checks notice.',
    passed: marks.noticed !== undefined,
    detail: prediction?.noticed === false ? `${prediction.reason}.` : measured(measures, 'noticed'),
  };
  const moved: Condition = {
    id: 'moved',
    text: 'Every name leads to the other region.',
    passed: marks.moved !== undefined,
    detail: measured(measures, 'moved'),
  };
  const served = (['new', 'kept'] as const).map((kind): Condition => {
    const { seconds = null, predicted = null } = measures.find(({ id }) => id === kind) ?? {};
    const latest = predicted && predicted.atMost * (1 + LATE_SHARE) + LATE_SECONDS * timeScale;
    return {
      id: `served-${kind}`,
      text: `Clients on ${kind} connections are served again in the predicted time.`,
      passed: seconds !== null && latest !== null && seconds <= latest,
      detail: measured(measures, kind),
    };
  });
  const comesBack = events.find(
    ({ kind, time }) => kind === 'entry' && time > (marks.recovered ?? 0) && time < (marks.routedBack ?? 0),
  );
  const holds: Condition = {
    id: 'held',
    text: 'Traffic stays where it has gone until it is let back.',
    passed: marks.held !== undefined && comesBack === undefined,
    detail: comesBack ? 'It came back by itself.' : measured(measures, 'held'),
  };
  const returned: Condition = {
    id: 'returned',
    text: failback === 'manual' ? 'Let back, traffic returns.' : 'Traffic returns by itself.',
    passed: marks.returned !== undefined,
    detail: measured(measures, 'returned'),
  };
  return [...(isFromOutside ? [] : [noticed]), moved, ...served, ...(failback === 'manual' ? [holds] : []), returned];
}

function stayed({ events, prediction, marks }: Observation): readonly Condition[] {
  const during = events.filter(({ time }) => time >= (marks.fault ?? 0));
  const moves = during.filter(({ kind }) => kind === 'dns' || kind === 'entry');
  const unhealthy = during.flatMap((event) =>
    event.kind === 'health' && event.status === 'unhealthy' ? [event.healthCheck] : [],
  );
  const reason = prediction?.noticed === false ? ` As predicted: ${prediction.reason}.` : '';
  const detail =
    unhealthy.length > 0
      ? `Unhealthy: ${[...new Set(unhealthy)].join(', ')}.`
      : `Health checks and DNS stayed as they were.${reason}`;
  return [{ id: 'stayed', text: 'No traffic moves.', passed: moves.length === 0 && unhealthy.length === 0, detail }];
}

/** Without it nothing would have been tried out. */
function overloaded({ overload }: Readonly<Record<string, Counts>>): readonly Condition[] {
  const { refused = 0, failed = 0, sent = 0 } = overload ?? {};
  return [
    {
      id: 'refused',
      text: 'What is too much is refused (429).',
      passed: refused > 0,
      detail: `${refused} of ${sent} were${refused > 0 ? '' : ': either they came more slowly than the plan allows, or this machine cannot respond to so many'}.`,
    },
    {
      id: 'no-errors',
      text: 'Nothing fails by it.',
      passed: failed === 0,
      detail: `${failed} requests in excess failed.`,
    },
  ];
}

function bothServed(duringFault: Readonly<Record<string, Counts>>): readonly Condition[] {
  const wrong = Object.entries(duringFault).filter(([, { failed }]) => failed > 0);
  const { sent = 0 } = duringFault.secondary ?? {};
  const detail = wrong.map(([kind, { failed }]) => `${failed} requests on ${kind} connections failed`).join(', ');
  return [
    {
      id: 'both-served',
      text: 'Both regions serve on.',
      passed: wrong.length === 0 && sent > 0,
      detail: detail === '' ? `${sent} requests at the secondary region's own door, none failed.` : `${detail}.`,
    },
  ];
}

function alarms({ scenario, moves, alarms: changes }: Observation): readonly Condition[] {
  const names = [...new Set(changes.filter(({ state }) => state === 'ALARM').map(({ name }) => name))];
  const detail = names.length === 0 ? 'No alarm went off.' : `In ALARM: ${names.join(', ')}.`;
  if (scenario.alarms === 'quiet') {
    // It is there to tell that nothing arrives from the other region.
    const others = names.filter((name) => !name.endsWith(`-${HEARTBEAT}`));
    const text = "Every alarm stays quiet but the heartbeat's.";
    return [{ id: 'quiet', text, passed: others.length === 0, detail }];
  }
  // Where traffic moves, nobody needs to act.
  if (scenario.alarms === 'any' || moves) return [];
  return [
    {
      id: 'told',
      text: 'An alarm tells operators, as nothing moves by itself.',
      passed: names.length > 0,
      detail,
    },
  ];
}

function kept({ comparison, marks }: Observation): readonly Condition[] {
  const { acknowledged, lost } = comparison;
  const detail =
    lost.length === 0
      ? `${acknowledged} were read back in both regions.`
      : `${lost.length} of ${acknowledged} are not there.`;
  const level = marks.level === undefined ? 'They did not become so in time.' : 'They are.';
  return [
    {
      id: 'tried',
      text: 'Writes were acknowledged, or nothing would have been proved.',
      passed: acknowledged > 0,
      detail: `${acknowledged} were.`,
    },
    { id: 'nothing-lost', text: 'No acknowledged write is lost.', passed: lost.length === 0, detail },
    {
      id: 'level',
      text: 'Both regions become level.',
      passed: marks.level !== undefined && lost.length === 0,
      detail: level,
    },
  ];
}

function healthyAgain({ marks }: Observation): Condition {
  const isWell = marks.healthy !== undefined;
  return {
    id: 'healthy',
    text: 'Both regions are healthy again.',
    passed: isWell,
    detail: isWell ? 'They are.' : 'Not in time.',
  };
}

function measured(measures: readonly Measure[], id: Measure['id']): string {
  const found = measures.find((each) => each.id === id);
  if (!found) return '';
  if (found.seconds === null) return 'It did not happen in time.';
  const { predicted } = found;
  return `After ${found.seconds} s${predicted ? `, predicted ${predicted.atLeast} to ${predicted.atMost} s` : ''}.`;
}

const MONTH_SECONDS = 30 * 86_400;

/**
 * Holds a scenario to the objectives of the settings. Of traffic that does not move there is no recovery but somebody's: RTO and RPO are not judged then.
 */
export function objectivesOf(
  { rtoSeconds, rpoSeconds, errorBudgetPercent }: ObjectiveSettings,
  observation: Observation,
  measures: readonly Measure[],
): readonly Objective[] {
  const { moves, lackedSeconds, comparison } = observation;
  const served = measures.filter(({ id }) => id === 'new' || id === 'kept').map(({ seconds }) => seconds);
  const never = moves && served.includes(null);
  const rto = moves && !never ? Math.max(...served.map((seconds) => seconds ?? 0)) : null;
  const rpo = moves && lackedSeconds !== undefined ? rounded(lackedSeconds) : null;
  const budget = budgetUsed(observation);
  return [
    ...(rtoSeconds === undefined
      ? []
      : [
          {
            name: 'RTO_SECONDS' as const,
            limit: rtoSeconds,
            measured: rto,
            met: moves ? rto !== null && rto <= rtoSeconds : null,
          },
        ]),
    ...(rpoSeconds === undefined
      ? []
      : [
          {
            name: 'RPO_SECONDS' as const,
            limit: rpoSeconds,
            measured: rpo,
            // What is lost for good is older than any limit.
            met: comparison.lost.length > 0 ? false : rpo === null ? null : rpo <= rpoSeconds,
          },
        ]),
    ...(errorBudgetPercent === undefined
      ? []
      : [
          {
            name: 'ERROR_BUDGET_PERCENT' as const,
            limit: errorBudgetPercent,
            measured: budget,
            met: budget <= errorBudgetPercent,
          },
        ]),
  ];
}

/** Percent of the requests of 30 days at an even load that failed from the fault to the end. */
function budgetUsed({ sent, marks, timeScale }: Observation): number {
  const { fault = 0, ended = fault } = marks;
  const own = sent.filter(({ at, connection }) => at >= fault && (connection === 'new' || connection === 'kept'));
  const failed = own.filter(({ outcome }) => outcome === 'failed').length;
  if (own.length === 0) return 0;
  const failedSeconds = (failed / own.length) * ((ended - fault) / 1000) * timeScale;
  return Math.round((failedSeconds / MONTH_SECONDS) * 1e6) / 1e4;
}
