import {
  HEALTH_CHECK_FAILURE_THRESHOLD,
  HEALTH_CHECK_INTERVAL_SECONDS,
} from '#constructs/route/endpoint-health-check.ts';
import { errorReason } from '#functions/error-reason.ts';
import { CONNECT_MILLISECONDS } from '#local/route53/prober.ts';
import { together, type Verdict } from '#operator/account/verdict.ts';
import type { IdentityAnswer } from '#operator/cli/ask-identity.ts';
import { DNS_TTL_SECONDS } from '#operator/route/move-route.ts';
import type { RouteStore } from '#operator/route/route-store.ts';
import type { VerifyReport } from '#operator/state/verify-state.ts';
import type { StageStatus } from '#operator/status/stage-status.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import type { Check } from './check.ts';

/** What is asked to know whether a region could be lost today. */
export interface DrillPorts {
  /** @param region - AWS region */
  readonly askIdentity: (region: string) => Promise<IdentityAnswer>;
  readonly routes: Readonly<Record<RegionType, RouteStore>>;
  readonly verifyState: () => Promise<Pick<VerifyReport, 'differences' | 'states'>>;
  /** Whether an archive stands ready for a day without registries. */
  readonly pack: () => Promise<Verdict>;
  readonly status: () => Promise<Pick<StageStatus, 'disagreements' | 'regions' | 'target'>>;
}

/** A version that no object has: S3 asks first whether somebody may write, and then refuses to replace it. */
const NO_VERSION = '"none"';

/** Roles of IAM Identity Center's users. Source: AWS IAM Identity Center User Guide, "Permission sets". */
const IDENTITY_CENTER = /:assumed-role\/AWSReservedSSO_/;

const REGIONS: readonly RegionType[] = ['primary', 'secondary'];

/** What a loss of a region would meet today: who may act, with what, and how long it would take. Nothing is changed. */
export function drillChecks({ stage, settings }: StageContext, ports: DrillPorts): readonly Check[] {
  const about = `stage ${stage}, if a region is lost today`;
  const checks: Readonly<Record<string, Check['look']>> = {
    access: async () => judgeAccess(stage, await ports.askIdentity(settings.secondaryRegion)),
    'route-away': async () => together(await Promise.all(REGIONS.map((type) => tryRoute(stage, type, ports.routes)))),
    'both regions': async () => judgeRegions(stage, await ports.status()),
    'state copies': async () => judgeCopies(stage, await ports.verifyState()),
    'offline bundle': ports.pack,
    time: async () => ({ outcome: 'ok', found: predictedTime() }),
  };
  return Object.entries(checks).map(([name, look]) => ({ about, name, look }));
}

/** Who acts on such a day must not depend on what may be gone. */
function judgeAccess(stage: string, answer: IdentityAnswer): Verdict {
  const { arn } = answer.identity();
  if (!IDENTITY_CENTER.test(arn)) return { outcome: 'ok', found: `tried as ${arn}` };
  return {
    outcome: 'warn',
    found: `tried as ${arn}, whose credentials come from IAM Identity Center: it lives in one region, and gives none while that is gone`,
    fix: `Keep a user or role for such a day, and try it: AWS_PROFILE=… two-region doctor ${stage} --drill`,
  };
}

/** Whether a region lets traffic be kept away from the other one: read, and written as far as S3 goes before it would replace the object. */
async function tryRoute(stage: string, regionType: RegionType, routes: DrillPorts['routes']): Promise<Verdict> {
  const { region, read, write } = routes[regionType];
  const other = otherRegion(regionType);
  try {
    const { document } = await read();
    await write(document, NO_VERSION);
    if (document.route === 'home') return { outcome: 'ok', found: `route-away ${other} can be written in ${region}` };
    return {
      outcome: 'warn',
      found: `traffic keeps away from the ${other} region since ${document.since ?? 'the beginning'}, so the ${regionType} region has no standby`,
      fix: `When the ${other} region is level again: two-region route-back ${stage} ${other}`,
    };
  } catch (error) {
    return {
      outcome: 'fail',
      found: `route-away ${other} can't be written in ${region}: ${errorReason(error).split('\n', 1)[0]}`,
      fix: `The policy of who may: two-region permissions ${stage} --task switches. The bucket: two-region deploy ${stage} --stack base-${regionType}`,
    };
  }
}

/** The standby must hold what is live, and Route 53 find it healthy. */
export function judgeRegions(
  stage: string,
  { disagreements, regions, target }: Awaited<ReturnType<DrillPorts['status']>>,
): Verdict {
  const ill = regions.flatMap(({ region, health = {} }) =>
    Object.values(health).flatMap(({ status, fqdn }) =>
      status === 'healthy' ? [] : [`${fqdn} is ${status} (${region})`],
    ),
  );
  const nothing = target === undefined && disagreements.length === 0;
  const found = [...(nothing ? ['The public names lead to no environment.'] : []), ...disagreements, ...ill];
  if (found.length > 0) {
    return { outcome: 'fail', found: found.join(' '), fix: `two-region status ${stage}, two-region parity ${stage}` };
  }
  return { outcome: 'ok', found: `both hold ${target} with the same content, and are healthy` };
}

export function judgeCopies(
  stage: string,
  { differences, states }: Awaited<ReturnType<DrillPorts['verifyState']>>,
): Verdict {
  if (differences.length === 0)
    return { outcome: 'ok', found: `all ${states.length} states have a copy that is the same` };
  const found = differences.map((difference) => difference.split('\n', 1)[0]).join('; ');
  return { outcome: 'fail', found, fix: `two-region state verify ${stage} says more` };
}

/** By the rules of Route 53: an interval begins with a response, so dropped packets are noticed last. */
function predictedTime(): string {
  const noticed = HEALTH_CHECK_FAILURE_THRESHOLD * (HEALTH_CHECK_INTERVAL_SECONDS + CONNECT_MILLISECONDS / 1000);
  const soonest = (HEALTH_CHECK_FAILURE_THRESHOLD - 1) * HEALTH_CHECK_INTERVAL_SECONDS;
  return (
    `a region is noticed to be lost after ${soonest} to ${noticed} s, clients that keep a DNS answer for ${DNS_TTL_SECONDS} s follow within ` +
    `${noticed + DNS_TTL_SECONDS} s; Route 53's own spread, caches that keep answers longer, and connections that are kept alive come on top`
  );
}
