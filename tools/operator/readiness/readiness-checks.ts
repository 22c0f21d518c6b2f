import type { Question, Verdict } from '#operator/account/verdict.ts';
import { together } from '#operator/account/verdict.ts';
import type { StageAlarms } from '#operator/alarms/read-alarms.ts';
import { minutes } from '#operator/cli/terminal.ts';
import type { Check } from '#operator/doctor/check.ts';
import { judgeCopies, judgeRegions } from '#operator/doctor/drill-checks.ts';
import { type HearBeat, isLate } from '#operator/live/heartbeats.ts';
import type { Parity } from '#operator/parity/compare.ts';
import type { VerifyReport } from '#operator/state/verify-state.ts';
import type { StageStatus } from '#operator/status/stage-status.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { READINESS_ALARMS } from '#stacks/naming.ts';
import { judgeDrills } from './last-drill.ts';
import type { TellReadiness } from './tell-readiness.ts';

/** What is asked to know whether a stage could do without a region today. */
export interface ReadinessPorts {
  /** Without what has a check of its own here: account, certificates, heartbeats. */
  readonly status: () => Promise<Pick<StageStatus, 'disagreements' | 'regions' | 'target'>>;
  readonly parity: () => Promise<Pick<Parity, 'differences' | 'same'>>;
  readonly alarms: () => Promise<StageAlarms>;
  /** `undefined`: settings have none. */
  readonly heartbeats: Readonly<Record<RegionType, HearBeat>> | undefined;
  /** Those that this machine knows, the oldest first. */
  readonly drills: () => Promise<Parameters<typeof judgeDrills>[1]>;
  /** What else is asked, of the account. */
  readonly questions: readonly Question[];
  /** @default - settings wait for no run */
  readonly tell?: TellReadiness | undefined;
  /** ` --local`, or nothing: for the commands that say more. */
  readonly flags: string;
}

const REGION_TYPES = ['primary', 'secondary'] as const;

/** Everything that a failover needs and that changes by itself, or by others. Nothing is changed. */
export function readinessChecks(context: StageContext, ports: ReadinessPorts): readonly Check[] {
  const { stage } = context;
  const { flags } = ports;
  const checks: Readonly<Record<string, Check['look']>> = {
    'both regions': async () => judgeRegions(`${stage}${flags}`, await ports.status()),
    parity: async () => judgeParity(`two-region parity ${stage}${flags}`, await ports.parity()),
    heartbeat: () => judgeHeartbeats(context, ports),
    alarms: async () => judgeAlarms(`two-region alarms ${stage}${flags}`, await ports.alarms()),
    'last drill': async () => judgeDrills(stage, await ports.drills()),
  };
  const questions = ports.questions.map(({ name, look }) => [name, look] as const);
  return [...Object.entries(checks), ...questions].map(([name, look]) => ({ about: `stage ${stage}`, name, look }));
}

function judgeParity(command: string, { differences, same }: Pick<Parity, 'differences' | 'same'>): Verdict {
  if (differences.length === 0) return { outcome: 'ok', found: `${same} facts are the same in both regions` };
  const [first, ...others] = differences.map(({ kind, name }) => `${kind} ${name}`);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return { outcome: 'fail', found: `the regions differ in ${first}${more}`, fix: command };
}

async function judgeHeartbeats(context: StageContext, { heartbeats, flags }: ReadinessPorts): Promise<Verdict> {
  if (heartbeats === undefined) {
    return { outcome: 'skipped', found: 'there is none: ALARM_HEARTBEAT_AGE_SECONDS is 0' };
  }
  const verdicts = REGION_TYPES.map(async (regionType): Promise<Verdict> => {
    const { region } = inRegion(context, regionType);
    const beat = await heartbeats[regionType]();
    const fix = `What ${beat.of} writes does not come to ${region}, or nothing beats there: two-region alarms ${context.stage}${flags}`;
    if (beat.ageSeconds === null) return { outcome: 'fail', found: `none of ${beat.of} has arrived in ${region}`, fix };
    const found = `${beat.of}'s in ${region} is ${beat.ageSeconds} s old`;
    return isLate(context, beat) ? { outcome: 'fail', found, fix } : { outcome: 'ok', found };
  });
  return together(await Promise.all(verdicts));
}

/** Those on runs like this one say nothing new: what the last run found is asked again, and what fails would fail for ever. */
const OF_RUNS: readonly string[] = Object.values(READINESS_ALARMS);

function judgeAlarms(command: string, all: StageAlarms): Verdict {
  const regions = all.regions.map((each) => ({
    ...each,
    alarms: each.alarms.filter(({ name }) => !OF_RUNS.includes(name)),
  }));
  const silent = regions.flatMap(({ region, problem }) =>
    problem === undefined ? [] : [`${region} does not answer: ${problem.split('\n', 1)[0]}`],
  );
  const ringing = regions.flatMap(({ region, alarms }) =>
    alarms.flatMap(({ name, state }) => (state === 'ALARM' ? [`${name} in ${region}`] : [])),
  );
  if (silent.length + ringing.length > 0) {
    const found = [...(ringing.length > 0 ? [`in ALARM: ${ringing.join(', ')}`] : []), ...silent].join('; ');
    return { outcome: 'fail', found, fix: command };
  }
  const count = regions.reduce((sum, { alarms }) => sum + alarms.length, 0);
  return count === 0
    ? { outcome: 'skipped', found: 'there are none yet' }
    : { outcome: 'ok', found: `none of ${count} is in ALARM` };
}

/** How the states' copies stand, and since when: what was applied after a copy is what a recovery would not know of. */
export function judgeStates(
  stage: string,
  report: Pick<VerifyReport, 'differences' | 'states'>,
  now = Date.now(),
): Verdict {
  const { outcome, found, fix } = judgeCopies(stage, report);
  const behind = report.states.filter(({ copy }) => copy === 'older' || copy === 'missing');
  const times = (behind.length > 0 ? behind : report.states).map(({ modified }) => Date.parse(modified));
  if (times.length === 0) return { outcome: 'skipped', found: 'nothing is deployed' };
  const age = (time: number) => minutes(Math.max(0, (now - time) / 1000));
  const since =
    behind.length > 0
      ? `; the oldest change that is not copied is of ${age(Math.min(...times))} ago`
      : `; the last change is of ${age(Math.max(...times))} ago`;
  return { outcome, found: `${found}${since}`, ...(fix !== undefined && { fix }) };
}
