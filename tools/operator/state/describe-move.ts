import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import type { StageContext } from '#stacks/context.ts';
import { stateBucketName } from '#stacks/naming.ts';
import { type StateLocation, stateKeyPrefix } from '#stacks/terraform/state-location.ts';
import { describeDifference } from './compare-live.ts';
import type { RecoverReport } from './recover-state.ts';
import { describeAge } from './region-states.ts';
import type { ReturnReport } from './return-state.ts';

/** What raw Terraform needs to be told of the state: arguments of its backend "s3". */
export interface BackendSettings {
  readonly bucket: string;
  /** `STACK` stands for a stack's id. */
  readonly key: string;
  readonly region: string;
  readonly dynamodb_table: string;
}

/** The backend of a stage's stacks at one place. */
export function backendSettings(context: StageContext, { bucket, region, lockTable }: StateLocation): BackendSettings {
  return { bucket, key: `${stateKeyPrefix(context)}STACK.tfstate`, region, dynamodb_table: lockTable };
}

/** What has to stand in settings.conf from now on. @param place - where the stage's state is to be */
export function settingLine({ settings, stage }: StageContext, place: StateLocation['regionType']): string {
  const others = settings.stateInSecondary.filter((name) => name !== stage);
  const stages = place === 'secondary' ? [...others, stage] : others;
  return stages.length === 0
    ? 'STATE_IN_SECONDARY=()'
    : `STATE_IN_SECONDARY=( ${stages.map((name) => JSON.stringify(name)).join(' ')} )`;
}

/** States that can be used in the secondary region, and how everybody comes to use them. */
export function describeRecovery(
  context: StageContext,
  report: RecoverReport,
  colors: Colors,
  now = Date.now(),
): string {
  const { stage, live, primary, states } = report;
  const compared =
    primary === undefined ? `${context.settings.primaryRegion} answers and has the same.` : `Not compared: ${primary}.`;
  return [
    ...columns(
      states.map(({ stack, serial, modified }) => [stack, `serial ${serial}`, ...describeAge(new Date(modified), now)]),
    ),
    compared,
    ...describeParts(live.region, report.parts),
    colors.green(`${states.length} states of ${stage} are complete in ${live.region}, and Terraform takes them there.`),
    ...nextSteps(context, live),
    `  4. Delete nothing in ${stateBucketName(context)}, if it is still there: S3 would delete it in ${live.region}, too`,
    `  5. When the primary region is back: two-region state return ${stage}`,
  ].join('\n');
}

/** What the states have beside what is live: nothing of it forbids to work with them by now. */
function describeParts(region: string, parts: RecoverReport['parts']): string[] {
  if ('problem' in parts) return [`What is live in ${region} was not compared: ${parts.problem}`];
  const { compared, differences } = parts;
  if (differences.length === 0)
    return [`${compared} versions, deployments, keys and targets in ${region} are known to it.`];
  return [
    `Of ${compared} versions, deployments, keys and targets in ${region} these are others than the state has:`,
    ...differences.map((each) => `  ${describeDifference(each)}${each.isUnknown ? ' (unknown to it, accepted)' : ''}`),
  ];
}

/** States that are back in the primary region, and how everybody comes to use them. */
export function describeReturn(context: StageContext, { stage, live, states }: ReturnReport, colors: Colors): string {
  return [
    ...columns(states.map(({ stack, serial, outcome }) => [outcome, stack, `serial ${serial}`])),
    colors.green(`${states.length} states of ${stage} are in ${live.region}, and Terraform takes them there.`),
    ...nextSteps(context, live),
    `  4. See that nobody deployed in between: two-region state verify ${stage}`,
  ].join('\n');
}

function nextSteps(context: StageContext, live: StateLocation): string[] {
  const backend = Object.entries(backendSettings(context, live));
  return [
    'Backend of every stack:',
    ...columns(backend.map(([name, value]) => [`  ${name}`, value])),
    'Nothing uses it before you say so. Next, for everybody who deploys:',
    `  1. In settings.conf: ${settingLine(context, live.regionType)}`,
    '  2. rm -rf cdktf.out, in which raw Terraform remembers where the state was',
    `  3. two-region diff ${context.stage}, which has nothing to change`,
  ];
}
