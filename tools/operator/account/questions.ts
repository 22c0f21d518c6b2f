import { ACMClient } from '@aws-sdk/client-acm';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Route53Client } from '@aws-sdk/client-route-53';
import { errorReason } from '#functions/error-reason.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { isAboutCredentials } from '#operator/cli/credentials-error.ts';
import { awsCertificates, judgeCertificate, shownCertificates } from '#operator/live/certificates.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { prefix } from '#stacks/naming.ts';
import { SERVICES_WITH_ROLES } from '#stacks/permissions/stage-policy.ts';
import { EDGE_REGION } from '#stacks/settings/partitions.ts';
import { gatewayAccount } from './bootstrap-account.ts';
import { checkConnection } from './connections.ts';
import { checkCopies } from './copies.ts';
import { readLoggingRole } from './gateway-logging.ts';
import { checkKeys } from './keys.ts';
import { checkConcurrency, checkHealthChecks, checkLogDelivery, checkRoles } from './limits.ts';
import { checkCertificate, checkZone, publicNameServers } from './names.ts';
import { checkPublicAccess } from './public-access.ts';
import { bucketQuotaCheck, quotaChecks } from './quotas.ts';
import { hasServiceRole } from './service-roles.ts';
import { checkSubscriptions } from './subscriptions.ts';
import { type Question, together, type Verdict } from './verdict.ts';

/** The stage's parameters, of the primary region. */
export type Values = () => Promise<ReadonlyMap<string, string>>;

const TYPES = ['primary', 'secondary'] as const;

/** What else is asked. */
interface Asked {
  /** Whether nothing of the stage is there yet, so that it needs room. @default true */
  readonly isFirst?: boolean;
  readonly more?: readonly Question[];
}

/** Everything that the account must have or leave free for a stage's deploy, asked of AWS in both regions. */
export function accountQuestions(
  context: StageContext,
  values: Values,
  { isFirst = true, more = [] }: Asked = {},
): readonly Question[] {
  const { stage } = context;
  const settingsOf = (regionType: RegionType) =>
    clientSettings(accessOf(context), inRegion(context, regionType).region);
  const inBoth = (check: (regionType: RegionType, region: string) => Promise<Verdict>) => () => inEach(context, check);
  const route53 = new Route53Client(settingsOf('secondary'));
  const iam = new IAMClient(settingsOf('primary'));
  const questions: readonly Question[] = [
    ...standingQuestions(context, isFirst),
    {
      name: 'service-linked roles',
      look: async () =>
        together(await Promise.all(SERVICES_WITH_ROLES.map((service) => checkServiceRole(iam, service, stage)))),
    },
    {
      name: 'zone',
      look: async () => {
        const known = await values();
        const names = ['domain_name', 'events_domain_name'].flatMap((name) => known.get(name) ?? []);
        const zoneId = known.get('hosted_zone_id');
        if (zoneId === undefined || names.length === 0) return unset(stage);
        return checkZone({ route53, nameServers: publicNameServers }, zoneId, names);
      },
    },
    {
      name: 'certificates',
      look: inBoth(async (regionType) => {
        const known = await values();
        const [arn, name] = [known.get(`certificate_arn_${regionType}`), known.get('domain_name')];
        if (arn === undefined || name === undefined) return unset(stage);
        return checkCertificate(new ACMClient(settingsOf(regionType)), arn, name);
      }),
    },
    ...edgeQuestions(context, values),
    {
      name: 'API keys',
      look: inBoth(async (regionType, region) =>
        checkKeys(new APIGatewayClient(settingsOf(regionType)), region, prefix(context), await values()),
      ),
    },
    {
      name: 'log delivery',
      look: inBoth((regionType, region) => checkLogDelivery(new CloudWatchLogsClient(settingsOf(regionType)), region)),
    },
    {
      name: 'concurrency',
      look: inBoth((regionType, region) =>
        checkConcurrency(new LambdaClient(settingsOf(regionType)), region, context.settings.healthcheckConcurrency),
      ),
    },
    {
      name: 'quotas',
      look: async () => {
        const checks = [
          () => checkRoles(iam, isFirst),
          () => checkHealthChecks(route53, isFirst),
          bucketQuotaCheck(context, isFirst),
          ...TYPES.flatMap((regionType) => quotaChecks(context, inRegion(context, regionType).region, isFirst)),
        ];
        return together(await Promise.all(checks.map(unlessUnasked)));
      },
    },
    ...more,
  ];
  return questions.map(({ name, look }) => asQuestion(name, look));
}

/** CloudFront shows one certificate at both public names, and takes it from one region. */
function edgeQuestions(context: StageContext, values: Values): readonly Question[] {
  if (context.settings.edge.state === 'none') return [];
  const acm = new ACMClient(clientSettings(accessOf(context), EDGE_REGION));
  const look = async () => {
    const known = await values();
    const [arn, ...names] = ['certificate_arn_edge', 'domain_name', 'events_domain_name'].map((name) =>
      known.get(name),
    );
    const published = names.filter((name) => name !== undefined);
    if (arn === undefined || published.length === 0) return unset(context.stage);
    return together(await Promise.all(published.map((name) => checkCertificate(acm, arn, name))));
  };
  return [{ name: 'certificate of the edge', look }];
}

/** What a stage lives on in its account, long after its deploy, and anybody may change. */
export function standingQuestions(context: StageContext, isFirst: boolean): readonly Question[] {
  const checkLogs = (regionType: RegionType, region: string) => checkLogging(context, regionType, region);
  return [
    { name: 'API Gateway logs', look: () => inEach(context, checkLogs) },
    { name: 'copies of tables', look: () => checkCopies(context) },
    { name: 'public access', look: () => checkPublicAccess(context, isFirst) },
    { name: 'alarm e-mail', look: () => checkSubscriptions(context) },
    ...(context.settings.pipeline.isActive
      ? [{ name: 'pipeline connection', look: () => checkConnection(context) }]
      : []),
  ];
}

/** What of it is not as a stage needs it, in sentences. What may not be asked is left to the doctor. */
export async function accountRemarks(context: StageContext): Promise<readonly string[]> {
  const asked = standingQuestions(context, false).map(async ({ name, look }) => {
    const verdict = await look().catch(() => undefined);
    if (verdict?.outcome !== 'fail' && verdict?.outcome !== 'warn') return [];
    return [`${name}: ${verdict.found}.${verdict.fix === undefined ? '' : ` Mend it: ${verdict.fix}`}`];
  });
  return (await Promise.all(asked)).flat();
}

async function inEach(
  context: StageContext,
  check: (regionType: RegionType, region: string) => Promise<Verdict>,
): Promise<Verdict> {
  return together(
    await Promise.all(TYPES.map((regionType) => check(regionType, inRegion(context, regionType).region))),
  );
}

/** Whether the certificates that clients are shown are renewed in time. No deploy waits for it: only `doctor` asks. */
export function renewalQuestion(context: StageContext, values: Values): Question {
  const { stage } = context;
  const look = async () => {
    const known = await values();
    const names = ['domain_name', 'events_domain_name'].flatMap((name) => known.get(name) ?? []);
    if (names.length === 0) return unset(stage);
    const verdicts = TYPES.map(async (regionType) => {
      const { region } = inRegion(context, regionType);
      const shown = await shownCertificates(awsCertificates(context, region), region, names);
      return shown.map((certificate) => judgeCertificate(certificate, region, stage));
    });
    const found = [...(await Promise.all(verdicts)).flat(), ...(await edgeRenewal(context, known, names))];
    return found.length === 0 ? { outcome: 'skipped' as const, found: 'no name shows one yet' } : together(found);
  };
  return asQuestion('renewal', look);
}

async function edgeRenewal(context: StageContext, known: ReadonlyMap<string, string>, names: readonly string[]) {
  const arn = known.get('certificate_arn_edge');
  if (context.settings.edge.state === 'none' || arn === undefined) return [];
  const { describe } = awsCertificates(context, EDGE_REGION);
  const port = { describe, shownBy: async (name: string) => (names.includes(name) ? arn : undefined) };
  const shown = await shownCertificates(port, EDGE_REGION, names);
  return shown.map((certificate) => judgeCertificate(certificate, EDGE_REGION, context.stage));
}

/** What fails of the questions, with what to do about it: nothing of it passes by waiting. */
export async function accountObstacles(context: StageContext, asks: Asked): Promise<readonly string[]> {
  const values = await awsStores(context).primary.readAll();
  const asked = accountQuestions(context, async () => values, asks).map(async ({ name, look }) => {
    const { outcome, found, fix } = await look();
    return outcome === 'fail' ? [[`${name}: ${found}`, ...(fix === undefined ? [] : [fix])].join('\n  ')] : [];
  });
  return (await Promise.all(asked)).flat();
}

/** A question whose look, where it may not be asked, is no failure. */
export function asQuestion(name: string, look: Question['look']): Question {
  return { name, look: () => unlessUnasked(look) };
}

function unset(stage: string): Verdict {
  return { outcome: 'skipped', found: 'its parameters are not set', fix: `two-region params put ${stage}` };
}

/** What may not be asked, or is not known there, stops nobody: AWS says it when it comes to it. */
async function unlessUnasked(look: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await look();
  } catch (error) {
    const reason = errorReason(error).split('\n', 1)[0] ?? '';
    if (isAboutCredentials(error)) {
      return {
        outcome: 'warn',
        found: `may not be asked: ${reason}`,
        fix: 'Deploy with more rights, or let it be asked.',
      };
    }
    return { outcome: 'skipped', found: `could not be asked: ${reason}` };
  }
}

async function checkLogging(context: StageContext, regionType: RegionType, region: string): Promise<Verdict> {
  const { arn, isGone } = await readLoggingRole(gatewayAccount(context, regionType));
  const fix = `two-region bootstrap ${context.stage}`;
  if (arn === undefined) return { outcome: 'fail', found: `no role for API Gateway's logs in ${region}`, fix };
  if (isGone) return { outcome: 'fail', found: `API Gateway in ${region} logs with ${arn}, which is gone`, fix };
  return { outcome: 'ok', found: `${arn} in ${region}` };
}

async function checkServiceRole(iam: IAMClient, service: string, stage: string): Promise<Verdict> {
  if (await hasServiceRole(iam, service)) return { outcome: 'ok', found: service };
  const found = `${service} has no role yet and makes it at its first use`;
  return { outcome: 'warn', found, fix: `two-region bootstrap ${stage}` };
}
