import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Route53Client } from '@aws-sdk/client-route-53';
import type { ControlClient } from '#local/control/client.ts';
import { asQuestion, renewalQuestion, standingQuestions } from '#operator/account/questions.ts';
import type { Question, Verdict } from '#operator/account/verdict.ts';
import { localAlarms, readAlarms } from '#operator/alarms/read-alarms.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { askIdentity } from '#operator/cli/ask-identity.ts';
import { readHistory } from '#operator/drill/history.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsCertificates } from '#operator/live/certificates.ts';
import { localHeartbeats } from '#operator/live/heartbeats.ts';
import { localLiveSources } from '#operator/live/local-sources.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { awsFacts } from '#operator/parity/aws/aws-facts.ts';
import { compareRegions } from '#operator/parity/compare.ts';
import { readLocalFacts } from '#operator/parity/local/local-facts.ts';
import { staggerNow } from '#operator/parity/run-parity.ts';
import { awsRoutePlace, localRouteStores } from '#operator/route/open-route.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import { askAccount, inspectStorage } from '#operator/state/storage/inspect-storage.ts';
import { storageResources } from '#operator/state/storage/storage-resources.ts';
import { verifyState } from '#operator/state/verify-state.ts';
import { readStatus } from '#operator/status/read-status.ts';
import { activeRegion, type StageContext } from '#stacks/context.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { judgeStates, type ReadinessPorts } from './readiness-checks.ts';
import { readRegionLoad } from './region-load.ts';
import { checkSharedAccount } from './shared-account.ts';
import { judgeQuotas } from './standby-quotas.ts';
import { awsTeller, localTeller } from './tell-readiness.ts';
import { checkValidationRecords, route53Zone } from './validation-records.ts';

/** A stage on AWS. Nothing is asked yet. */
export function awsReadiness(context: StageContext): ReadinessPorts {
  const { certificates: _, heartbeats, ...sources } = awsLiveSources(context);
  const records = awsSwitchRecords(context);
  return {
    status: () =>
      readStatus(context, sources, { ...records, flags: '', routes: awsRoutePlace(context).stores }, async () => []),
    parity: async () => {
      const [primary, secondary] = await Promise.all([awsFacts(context, 'primary'), awsFacts(context, 'secondary')]);
      return compareRegions(primary, secondary, await staggerNow(records));
    },
    alarms: () => readAlarms(context, (region) => new CloudWatchClient(clientSettings(accessOf(context), region))),
    heartbeats,
    drills: () => readHistory(projectFolder()),
    questions: awsQuestions(context),
    tell: awsTeller(context),
    flags: '',
  };
}

function awsQuestions(context: StageContext): readonly Question[] {
  const { settings, stage } = context;
  const { primaryRegion, secondaryRegion } = settings;
  const values = () => awsStores(context).primary.readAll();
  return [
    { ...renewalQuestion(context, values), name: 'certificates' },
    asQuestion('validation records', async (): Promise<Verdict> => {
      const known = await values();
      const names = ['domain_name', 'events_domain_name'].flatMap((name) => known.get(name) ?? []);
      const zoneId = known.get('hosted_zone_id');
      if (zoneId === undefined) return { outcome: 'skipped', found: 'its parameters are not set' };
      const certificates = {
        [primaryRegion]: awsCertificates(context, primaryRegion),
        [secondaryRegion]: awsCertificates(context, secondaryRegion),
      };
      const route53 = new Route53Client(clientSettings(accessOf(context), secondaryRegion));
      return checkValidationRecords(context, { zone: route53Zone(route53, zoneId), certificates }, names);
    }),
    asQuestion('quotas', async () => {
      const [primary, secondary] = await Promise.all([
        readRegionLoad(context, 'primary'),
        readRegionLoad(context, 'secondary'),
      ]);
      return judgeQuotas({ primary, secondary }, activeRegion(settings));
    }),
    asQuestion('state copies', async () => {
      const account = await askAccount(context, primaryRegion, secondaryRegion);
      const storage = await inspectStorage(storageResources(context, account));
      return judgeStates(stage, await verifyState(context, awsStateStores(context), storage));
    }),
    asQuestion('account', () =>
      checkSharedAccount(context, (name) => askIdentity({ settings, stage: name }, secondaryRegion)),
    ),
    ...standingQuestions(context, false).map(({ name, look }) => asQuestion(name, look)),
  ];
}

/** The running local runtime: it has neither account nor certificates, and its state is its stacks. */
export async function localReadiness(context: StageContext, control: ControlClient): Promise<ReadinessPorts> {
  const records = localSwitchRecords(control);
  const routes = await localRouteStores(context, control);
  return {
    status: () =>
      readStatus(context, localLiveSources(control), { ...records, flags: ' --local', routes }, async () => []),
    parity: async () => {
      const [primary, secondary] = await readLocalFacts(context, control);
      return compareRegions(primary, secondary, await staggerNow(records));
    },
    alarms: async () => localAlarms(context, await control.alarms()),
    heartbeats: localHeartbeats(context, control),
    drills: () => readHistory(projectFolder()),
    questions: [],
    tell: localTeller(context, control),
    flags: ' --local',
  };
}
