import type { MeasuredVersion } from '#operator/aws/version-metrics.ts';
import type { RegionType } from '#stacks/context.ts';
import type { AlarmSettings } from '#stacks/settings/settings.ts';

/** Both versions of a function in one region. */
export interface ComparedFunction {
  readonly regionType: RegionType;
  /** By its name in the contract. */
  readonly function: string;
  /** It serves what health checks ask, and nothing else: who asks is no client. */
  readonly isHealthCheck: boolean;
  /** Behind mapping templates it fails to say 404, which Lambda counts as an error: how many is its clients' matter. */
  readonly failsToRefuse: boolean;
  readonly before: MeasuredVersion;
  readonly after: MeasuredVersion;
}

/** `few`: too little was asked to tell. `worse`: the new versions are. */
export type CanaryVerdict = 'few' | 'well' | 'worse';

export interface Comparison {
  readonly verdict: CanaryVerdict;
  /** Why it is not `well`, in sentences. */
  readonly reasons: readonly string[];
  /** Of clients, that ran new versions. */
  readonly requests: number;
  readonly functions: readonly ComparedFunction[];
}

/** Requests of clients that a canary needs before it tells anything. */
const FEWEST_REQUESTS = 50;

/** Errors of the new version are chance when they would come so often or more often at the rate of the old one. */
const CHANCE = 0.001;

/** A p99 of fewer requests is that of the slowest one. */
const FEWEST_FOR_P99 = 100;

/** The new version is slower when its p99 is above the old one's by this factor … */
const SLOWER_FACTOR = 1.5;
/** … and by so many milliseconds, which a first call of a process may take. */
const SLOWER_MILLISECONDS = 100;

/**
 * Judges new versions by what they and the old ones did in the same time: errors beyond chance, a share of errors or a p99 above what the alarms
 * allow where the old version is below, a p99 that is another order. What is refused once is refused, however long it goes on. A share above what alarms
 * allow says nothing of a function that fails to refuse: the alarms themselves count its routes' 5xx, and are asked beside.
 */
export function compareVersions(functions: readonly ComparedFunction[], limits: Limits): Comparison {
  const reasons = functions.flatMap((each) => [...errorProblem(each, limits), ...durationProblem(each, limits)]);
  const requests = functions.reduce((all, { isHealthCheck, after }) => all + (isHealthCheck ? 0 : after.requests), 0);
  if (reasons.length > 0) return { verdict: 'worse', reasons, requests, functions };
  if (requests >= FEWEST_REQUESTS) return { verdict: 'well', reasons, requests, functions };
  const few = `Only ${requests} requests of clients ran new versions, ${FEWEST_REQUESTS} are needed to tell.`;
  return { verdict: 'few', reasons: [few], requests, functions };
}

type Limits = Pick<AlarmSettings, 'durationP99Ms' | 'errorRatePercent' | 'minimumRequests'>;

function errorProblem(
  { regionType, function: name, failsToRefuse, before, after }: ComparedFunction,
  limits: Limits,
): string[] {
  if (after.errors === 0) return [];
  // As if each outcome had come once more: no error in few requests is no promise of none.
  const rate = (before.errors + 1) / (before.requests + 2);
  const isBeyondChance = chanceOf(after.errors, after.requests, rate) < CHANCE;
  const isOverLimit =
    !failsToRefuse &&
    after.requests >= limits.minimumRequests &&
    percent(after) > limits.errorRatePercent &&
    percent(before) <= limits.errorRatePercent;
  if (!isBeyondChance && !isOverLimit) return [];
  return [
    `${name} in the ${regionType} region: ${failed(after, failsToRefuse)} with version ${after.version}, ${failed(before, failsToRefuse)} with version ${before.version}.`,
  ];
}

function durationProblem({ regionType, function: name, before, after }: ComparedFunction, limits: Limits): string[] {
  if (after.requests < FEWEST_FOR_P99 || after.durationP99 === undefined || before.durationP99 === undefined) return [];
  const [was, is] = [before.durationP99, after.durationP99];
  const isSlower = is > was * SLOWER_FACTOR && is > was + SLOWER_MILLISECONDS;
  const isOverLimit = is > limits.durationP99Ms && was <= limits.durationP99Ms;
  if (!isSlower && !isOverLimit) return [];
  return [
    `${name} in the ${regionType} region: p99 is ${Math.round(is)} ms with version ${after.version}, ${Math.round(was)} ms with version ${before.version}.`,
  ];
}

function percent({ errors, requests }: MeasuredVersion): number {
  return requests === 0 ? 0 : (100 * errors) / requests;
}

/** `3 of 40 requests failed (7.5 %)` */
function failed(measured: MeasuredVersion, failsToRefuse: boolean): string {
  const { errors, requests } = measured;
  return `${errors} of ${requests} requests failed${failsToRefuse ? ' or were refused' : ''} (${Number(percent(measured).toFixed(2))} %)`;
}

/** Probability of so many errors or more among requests that fail at a rate: the upper tail of the binomial distribution. */
function chanceOf(errors: number, requests: number, rate: number): number {
  let logarithm = requests * Math.log1p(-rate);
  let chance = 0;
  for (let count = 0; count <= requests; count++) {
    if (count >= errors) chance += Math.exp(logarithm);
    logarithm += Math.log((requests - count) / (count + 1)) + Math.log(rate / (1 - rate));
  }
  return chance;
}
