import { errorReason } from '#functions/error-reason.ts';
import type { Question, Verdict } from '#operator/account/verdict.ts';
import type { IdentityAnswer } from '#operator/cli/ask-identity.ts';
import type { ParameterProblem } from '#operator/parameters/parameter-problems.ts';
import { describeInspection, type Inspection } from '#operator/state/storage/inspect-storage.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { liveStateLocation } from '#stacks/terraform/state-location.ts';
import type { Check } from './check.ts';

/** What AWS is asked about a stage. */
export interface StagePorts {
  readonly askIdentity: (region: string) => Promise<IdentityAnswer>;
  readonly inspectStorage: (account: string) => Promise<readonly Inspection[]>;
  readonly checkParameters: () => Promise<readonly ParameterProblem[]>;
  /** What else the account is asked. */
  readonly questions: readonly Question[];
}

/** AWS refuses a request that was signed more than 5 minutes before or after (IAM User Guide, "Signature Version 4", request time). */
const CLOCK_LIMIT_MILLISECONDS = 5 * 60_000;
const CLOCK_WARNING_MILLISECONDS = 60_000;

/** Everything that a deploy of the stage needs of AWS. STS is asked once per region; who depends on its answer is skipped without one. */
export function stageChecks(context: StageContext, ports: StagePorts): readonly Check[] {
  const { stage, settings } = context;
  const about = `stage ${stage}`;
  const ask = (regionType: RegionType) => ports.askIdentity(inRegion(context, regionType).region);
  const identities = once(() => Promise.all([ask('primary'), ask('secondary')]));
  const whenKnown = (look: (account: string) => Promise<Verdict>) => async (): Promise<Verdict> => {
    const account = (await identities()).flatMap(accountOf)[0];
    return account === undefined ? { outcome: 'skipped', found: 'needs credentials' } : look(account);
  };
  return [
    { about, name: 'credentials', look: async () => checkCredentials(context, ...(await identities())) },
    { about, name: 'regions', look: async () => checkRegions(context, ...(await identities())) },
    { about, name: 'clock', look: async () => checkClock(...(await identities())) },
    {
      about,
      name: 'state',
      look: whenKnown(async (account) => judgeStorage(context, await ports.inspectStorage(account))),
    },
    {
      about,
      name: 'parameters',
      look: whenKnown(async () => judgeParameters(stage, settings.parameters.length, await ports.checkParameters())),
    },
    ...ports.questions.map(({ name, look }) => ({ about, name, look: whenKnown(look) })),
  ];
}

function checkCredentials(
  { settings, stage }: StageContext,
  primary: IdentityAnswer,
  secondary: IdentityAnswer,
): Verdict {
  const answer = accountOf(primary).length > 0 ? primary : accountOf(secondary).length > 0 ? secondary : primary;
  const { account, arn } = answer.identity();
  const profile = settings.profiles[stage];
  return { outcome: 'ok', found: `account ${account}, ${arn}${profile === undefined ? '' : `, profile ${profile}`}` };
}

/** Where one region takes the credentials and the other doesn't, it is the region and not the credentials. */
function checkRegions(context: StageContext, primary: IdentityAnswer, secondary: IdentityAnswer): Verdict {
  const answers = { primary, secondary };
  const regions = (['primary', 'secondary'] as const).map((regionType) => ({
    region: inRegion(context, regionType).region,
    problem: problemOf(answers[regionType]),
  }));
  const refused = regions.filter(({ problem }) => problem !== undefined);
  if (refused.length === 2) return { outcome: 'skipped', found: 'needs credentials' };
  if (refused.length === 0) {
    return { outcome: 'ok', found: `${regions.map(({ region }) => region).join(' and ')} answer` };
  }
  const [{ region, problem } = { region: '', problem: '' }] = refused;
  return {
    outcome: 'fail',
    found: `${region} refuses what the other region takes: ${problem}`,
    fix: `Enable ${region} for the account (AWS console, Account, "AWS Regions"), or wait where AWS has an outage there.`,
  };
}

function checkClock(primary: IdentityAnswer, secondary: IdentityAnswer): Verdict {
  const ahead = primary.clockAhead ?? secondary.clockAhead;
  if (ahead === undefined) return { outcome: 'skipped', found: 'AWS did not answer' };
  const found = `${Math.round(Math.abs(ahead) / 1000)} s ${ahead < 0 ? 'behind' : 'ahead of'} AWS`;
  const fix = "Have the clock set by NTP: timedatectl set-ntp true, or your system's settings.";
  if (Math.abs(ahead) >= CLOCK_LIMIT_MILLISECONDS)
    return { outcome: 'fail', found: `${found}, allowed are 300 s`, fix };
  return Math.abs(ahead) >= CLOCK_WARNING_MILLISECONDS ? { outcome: 'warn', found, fix } : { outcome: 'ok', found };
}

function judgeStorage(context: StageContext, inspections: readonly Inspection[]): Verdict {
  const { regionType: live } = liveStateLocation(context);
  const wrong = inspections.filter(({ isRight }) => !isRight);
  if (wrong.length === 0)
    return { outcome: 'ok', found: 'buckets, lock tables and replication are as bootstrap makes them' };
  const isMissing = wrong.some(
    ({ regionType, setting, kind }) => regionType === live && setting === undefined && kind !== 'replication',
  );
  const found = wrong.map(describeInspection).join('; ');
  const { stage } = context;
  const lost = isMissing ? `. If there was one and it is lost, first: two-region state recover ${stage}` : '';
  const fix =
    live === 'primary'
      ? `two-region bootstrap ${stage}${lost}`
      : `When the primary region is back: two-region state return ${stage}`;
  return { outcome: isMissing ? 'fail' : 'warn', found, fix };
}

function judgeParameters(stage: string, count: number, problems: readonly ParameterProblem[]): Verdict {
  if (problems.length === 0) return { outcome: 'ok', found: `all ${count} set, the same in both regions` };
  const names = [...new Set(problems.map(({ name, kind }) => `${name} (${kind})`))].join(', ');
  return {
    outcome: 'fail',
    found: names,
    fix: `two-region params check ${stage} says more; set them: two-region params put ${stage}`,
  };
}

function accountOf(answer: IdentityAnswer): string[] {
  return problemOf(answer) === undefined ? [answer.identity().account] : [];
}

function problemOf({ identity }: IdentityAnswer): string | undefined {
  try {
    identity();
    return undefined;
  } catch (error) {
    return errorReason(error).split('\n', 1)[0];
  }
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
