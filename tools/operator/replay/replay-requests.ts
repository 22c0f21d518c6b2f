import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { CallTarget } from '#operator/call/call-target.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { LiveEnvironment } from '#operator/live/live-region.ts';
import type { RegionType } from '#stacks/context.ts';
import { type Ask, askBoth, askPreview, sendAgain } from './ask-environments.ts';
import { type ChosenRequest, chooseRequests, type SkippedRequests } from './choose-requests.ts';
import type { RecordedRequest, ReplayPlace } from './replay-place.ts';
import { countVerdicts, type Replayed, type ReplayReport } from './replay-report.ts';

/** What is replayed, and how carefully. */
export interface ReplayOptions {
  /** That the requests were recorded on, and are compared with. */
  readonly from: string;
  /** That is tried. */
  readonly to: string;
  /** Milliseconds since the epoch: what was recorded before is left alone. */
  readonly since: number;
  /** Of the different requests, 0 to 1. @default 1 */
  readonly share?: number;
  /** Of requests a second that each environment gets at the most. @default 5, what the usage plan of `preview` has */
  readonly perSecond?: number;
  /** Requests that may differ. @default 0 */
  readonly allowed?: number;
  /** Texts that differ are shown. @default false */
  readonly showsValues?: boolean | undefined;
  /** For operations that want one: `undefined` where the place has none. */
  readonly hasToken: boolean;
  readonly onProgress?: (done: number, of: number) => void;
  /** Between two tries of what differs. @default 1000 */
  readonly pauseMilliseconds?: number;
}

const PER_SECOND = 5;
/** How far back a replay looks where nobody says. */
export const LOOK_BACK_MILLISECONDS = 600_000;
/** Who throttles so often in a row is left alone. */
const MOST_THROTTLED = 5;

/**
 * Sends requests that an environment was asked to another one, and compares.
 *
 * @throws RefusedError where nothing can be compared: a wrong environment, nothing recorded, nothing that may be sent
 */
export async function replayRequests(
  place: ReplayPlace,
  operations: readonly Operation[],
  options: ReplayOptions,
): Promise<ReplayReport> {
  const { from, to, since, share = 1, allowed = 0 } = options;
  const begun = performance.now();
  await requireEnvironments(place, options);
  const { records, remarks } = await place.records(from, since);
  const deployed = await deployedWhere(place, records);
  const missing = [...deployed].find(([, environments]) => !environments.some(({ name }) => name === to));
  if (missing) throw new RefusedError(`${to} is not deployed in the ${missing[0]} region: nothing was sent.`);
  const { chosen, skipped, different } = chooseRequests(operations, records, {
    share,
    previewProblem: (operation, record) => previewProblem(operation, deployed.get(record.regionType) ?? [], to),
    identityProblem: ({ auth }) =>
      (auth === 'jwt' || auth === 'authorizer') && !options.hasToken ? 'it needs a token: --token' : undefined,
  });
  if (chosen.length === 0) throw nothingToSend(place, options, records.length, skipped, remarks);
  const { results, problem } = await sendAll(place, chosen, options);
  const counted = countVerdicts(results, options, place.secrets);
  const sum = (kind: 'different' | 'equal') => counted.reduce((all, each) => all + each[kind], 0);
  const isNothing = sum('equal') + sum('different') === 0;
  const told = problem === undefined ? remarks : [...remarks, problem];
  return {
    stage: place.stage,
    from,
    to,
    since: new Date(since).toISOString(),
    seconds: (performance.now() - begun) / 1000,
    requests: { recorded: records.length, different, sent: results.length },
    operations: counted,
    skipped,
    allowed,
    isDifferent: isNothing || sum('different') > allowed,
    remarks: isNothing ? [...told, 'Nothing could be compared, so nothing is said of the release.'] : told,
  };
}

async function requireEnvironments(place: ReplayPlace, { from, to }: ReplayOptions): Promise<void> {
  const { environments } = place;
  for (const [flag, name] of [['--from', from] as const, ['--to', to] as const]) {
    if (environments.includes(name)) continue;
    throw new RefusedError(`${flag} is "${name}", allowed are ${environments.join(', ')}.`);
  }
  if (from === to) throw new RefusedError(`--from and --to are both ${from}: there would be nothing to compare.`);
  const target = await place.target();
  if (to !== target) return;
  throw new RefusedError(
    `${to} is live: a replay is sent to an idle environment. The other way: --from ${to} --to ${from}`,
  );
}

/** What the regions run in which something was recorded. */
async function deployedWhere(
  place: ReplayPlace,
  records: readonly RecordedRequest[],
): Promise<ReadonlyMap<RegionType, readonly LiveEnvironment[]>> {
  const regionTypes = [...new Set(records.map(({ regionType }) => regionType))];
  return new Map(await Promise.all(regionTypes.map(async (type) => [type, await place.deployed(type)] as const)));
}

/** `preview` says something of an environment only while it runs the same code. */
function previewProblem(operation: Operation, deployed: readonly LiveEnvironment[], to: string): string | undefined {
  const [tried, preview] = [to, PREVIEW].map(
    (wanted) => deployed.find(({ name }) => name === wanted)?.functions[operation.function]?.codeSha256,
  );
  if (preview === undefined) return `it writes, and ${PREVIEW}, which has data of its own, is not deployed`;
  return preview === tried
    ? undefined
    : `it writes, and ${PREVIEW}, which has data of its own, runs other code than ${to}`;
}

function nothingToSend(
  { stage, flags, howToRecord }: ReplayPlace,
  { from, to, since }: ReplayOptions,
  recorded: number,
  skipped: readonly SkippedRequests[],
  remarks: readonly string[],
): RefusedError {
  const time = new Date(since).toISOString();
  const why =
    recorded === 0
      ? [`No request is recorded on ${from} since ${time}. ${howToRecord}`]
      : [
          `None of the ${recorded} requests that are recorded on ${from} since ${time} can be sent to ${to}:`,
          ...skipped.map(({ operation, requests, reason }) => `  ${operation}: ${requests}, ${reason}`),
        ];
  const longer = `Look further back: two-region replay ${stage}${flags} --from ${from} --to ${to} --since 1d`;
  return new RefusedError([...why, ...remarks, longer].join('\n'));
}

/** One after the other, at the pace that environments are allowed, until one of them throttles for good. */
async function sendAll(
  place: ReplayPlace,
  chosen: readonly ChosenRequest[],
  { from, to, perSecond = PER_SECOND, onProgress, pauseMilliseconds }: ReplayOptions,
): Promise<{ readonly results: readonly Replayed[]; readonly problem?: string }> {
  const run = randomBytes(6).toString('hex');
  const targets = new Map<string, Promise<CallTarget>>();
  const targetOf = (operation: Operation, env: string, region: RegionType) => {
    const key = [operation.api, operation.auth, operation.scopes, env, region].join(' ');
    const target = targets.get(key) ?? place.targetOf(operation, { env, region });
    targets.set(key, target);
    return target;
  };
  const next = new Map<string, number>();
  const turn = async (environment: string) => {
    const now = performance.now();
    const at = Math.max(now, next.get(environment) ?? 0);
    next.set(environment, at + 1000 / perSecond);
    if (at > now) await sleep(at - now);
  };
  const results: Replayed[] = [];
  let throttled = 0;
  for (const request of chosen) {
    const { operation, record } = request;
    const ask: Ask = async (environment) => {
      const target = await targetOf(operation, environment, record.regionType);
      await turn(environment);
      return sendAgain(request, target, run);
    };
    const verdict =
      request.to === 'live'
        ? await askBoth(request, [from, to], ask, pauseMilliseconds)
        : await askPreview(request, PREVIEW, ask, pauseMilliseconds);
    results.push({ ...request, verdict });
    onProgress?.(results.length, chosen.length);
    throttled = verdict.kind === 'throttled' ? throttled + 1 : 0;
    if (throttled < MOST_THROTTLED) continue;
    const left = chosen.length - results.length;
    return { results, problem: `${left} requests were not sent: ${throttled} in a row got 429. Send fewer: --rate 1` };
  }
  return { results };
}
