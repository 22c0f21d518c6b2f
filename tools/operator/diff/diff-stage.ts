import type { DeployPhase } from '#operator/deploy/deploy-stage.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import { readRecords } from '#operator/live/read-records.ts';
import { readTargets } from '#operator/live/read-region.ts';
import { disagree, liveTarget } from '#operator/live/target.ts';
import { type LiveVersions, liveVersions } from '#operator/terraform/live-versions.ts';
import { type PlannedStack, type PlanOptions, planSteps } from '#operator/terraform/plan/plan-steps.ts';
import { selectStacks } from '#operator/terraform/select-stacks.ts';
import { inOrder } from '#operator/terraform/stack-order.ts';
import { stackVariables } from '#operator/terraform/stack-variables.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import type { StageContext } from '#stacks/context.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';

export interface DiffPorts {
  readonly live: LiveSources;
  /** @param records - what the stage's environments run, and so must stay */
  readonly synthesize: (records: ReleaseRecords) => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  /** Hears what takes its time before the first stack is planned. */
  readonly onPhase?: (phase: DeployPhase) => void;
}

export interface DiffReport {
  readonly stage: string;
  /** `undefined` before the first deploy, and where the regions disagree. */
  readonly target: string | undefined;
  readonly regionsDisagree: boolean;
  readonly stacks: readonly PlannedStack[];
}

/**
 * Plans stacks with the target that is live. Where regions disagree, each is planned with its own, so that the difference of the code shows and
 * not the disagreement.
 *
 * @param words - stacks or kinds of stacks. @default - all
 */
export async function diffStage(
  context: StageContext,
  ports: DiffPorts,
  words: readonly string[],
  options: Pick<PlanOptions, 'details' | 'onPlanned' | 'signal'>,
): Promise<DiffReport> {
  const { settings, stage } = context;
  ports.onPhase?.('reading what is live');
  const [targets, records] = await Promise.all([
    readTargets(context, ports.live.regions),
    readRecords(ports.live.regions),
  ]);
  const regionsDisagree = disagree(targets);
  const live = regionsDisagree ? undefined : liveTarget(targets);
  ports.onPhase?.('synthesizing');
  const all = await ports.synthesize(records);
  const chosen = words.length === 0 ? all : selectStacks(all, words);
  const steps = inOrder(chosen, [...settings.initialStacks, 'api', ...settings.apiEnvironments]);
  const first = live ?? settings.apiEnvironments[0] ?? '';
  const targetOf = ({ regionType = 'primary' }: SynthesizedStack) =>
    targets.find((target) => target.regionType === regionType)?.rest ?? first;
  // The live environments keep every version, the others those that are pinned.
  const liveNames = [
    ...new Set(targets.flatMap(({ rest, http }) => [rest, http].filter((name) => name !== undefined))),
  ];
  const needed = settings.apiEnvironments.filter((name) => chosen.some(({ kind }) => kind === name));
  const pinned: LiveVersions = await liveVersions(context, ports.live, liveNames.length > 0 ? needed : [], liveNames);
  const stacks = await planSteps(ports.terraform, steps, {
    ...options,
    live: live ?? liveNames[0],
    variablesOf: (stack) => stackVariables(stack, targetOf(stack), pinned),
  });
  return { stage, target: live, regionsDisagree, stacks };
}
