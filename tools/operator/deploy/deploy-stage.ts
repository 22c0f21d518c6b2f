import { PREVIEW } from '#functions/environment.ts';
import { ParametersError, RefusedError } from '#operator/cli/errors.ts';
import type { JournalStore } from '#operator/journal/switch-journal.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import { readRecords } from '#operator/live/read-records.ts';
import { readTargets } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { checkParameters } from '#operator/parameters/check.ts';
import { applySteps, type StackResult, type StepHooks } from '#operator/terraform/apply-steps.ts';
import { type LiveVersions, liveVersions, pinnedFunctions } from '#operator/terraform/live-versions.ts';
import { stackVariables } from '#operator/terraform/stack-variables.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StackPlan, Terraform } from '#operator/terraform/terraform.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { type DeployDecision, type DeployRequest, decideDeploy, requireSettled } from './decide-deploy.ts';
import { completed, type DeployReport } from './deploy-report.ts';
import { objections } from './objections.ts';
import { type RoutingSources, routingProblem } from './routing-change.ts';

/** What a deploy does before it knows which stacks to apply. */
export type DeployPhase = 'asking the account' | 'reading what is live' | 'synthesizing';

/** What a deploy works with. */
export interface DeployPorts {
  readonly live: LiveSources;
  /** Of the stage's switches. */
  readonly journal: Pick<JournalStore, 'read'>;
  /** @param records - what the stage's environments run, and so must stay */
  readonly synthesize: (records: ReleaseRecords) => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  /** Aborted: no other stack is begun. */
  readonly signal?: AbortSignal;
  /** What the account lacks that the deploy would meet in its middle, each with its remedy. @default - the account is not asked */
  readonly obstacles?: (isFirst: boolean) => Promise<readonly string[]>;
  /** How the public names are led now. @default - not asked */
  readonly routing?: RoutingSources;
  /** Asked before the first stack of a first deploy is begun. @throws RefusedError or CancelledError when it must not be */
  readonly confirmFirst: (decision: DeployDecision, names: readonly string[]) => Promise<void>;
  /**
   * Has the copies of tables protected as the tables are, once those are as they should be. @returns why they aren't
   * @default - they stay as they are
   */
  readonly protectCopies?: () => Promise<string | undefined>;
  /** Asked before the live environment is applied. @throws RefusedError or CancelledError when it must not be */
  readonly confirmLive: (environment: string) => Promise<void>;
  /**
   * Asked before a change that every environment has at once, with one line for each.
   *
   * @throws RefusedError or CancelledError when it must not be
   */
  readonly confirmLiveChange: (changes: readonly string[]) => Promise<void>;
  /** Hears what takes its time before the first stack is begun. */
  readonly onPhase?: (phase: DeployPhase) => void;
  /** Versions that stay when environments are applied. @default - of the live one all, of the others those that are pinned */
  readonly kept?: (environments: readonly string[]) => Promise<LiveVersions>;
  /** Writes down what a region that is lost will lack, before the first stack is begun. @returns all that it has to catch up on, in sentences */
  readonly owe?: (decision: DeployDecision) => Promise<readonly string[]>;
  readonly onDecision?: (decision: DeployDecision) => void;
  readonly onPlan?: (plan: StackPlan) => void;
  readonly onResult?: (result: StackResult) => void;
  /** Hears that a stack is tried again after so many seconds, and why. */
  readonly onWait?: StepHooks['onWait'];
  /** @default - in seconds of the clock */
  readonly wait?: StepHooks['wait'];
}

export interface DeployOptions extends DeployRequest {
  /** Region whose target counts where they disagree. @default - a disagreement is refused */
  readonly take?: RegionType;
  /** Pinned functions, and those of the live environment, take their newest versions, too. @default false */
  readonly withNewVersions?: boolean;
  /** Tables and buckets may be destroyed or replaced. @default false */
  readonly allowDataLoss?: boolean;
  /** The command line that continues the deploy after a failure. */
  readonly again: string;
}

/** Everything that is known before the first stack is applied. */
export interface PreparedDeploy {
  readonly decision: DeployDecision;
  /** `undefined` before the first deploy. */
  readonly live: string | undefined;
  /** Versions that stay. */
  readonly pinned: LiveVersions;
  /** Both regions know what the live environment runs, so that whatever it runs is kept. */
  readonly isRecorded: boolean;
  /** Public names of the REST API and the HTTP API. */
  readonly names: readonly string[];
}

/**
 * Finds out what is live and decides what to do. Nothing is changed.
 *
 * @throws ParametersError when parameters are missing or wrong, TargetDisagreementError, RefusedError
 */
export async function prepareDeploy(
  context: StageContext,
  ports: Pick<DeployPorts, 'kept' | 'live' | 'onPhase' | 'synthesize'>,
  options: DeployOptions,
): Promise<PreparedDeploy> {
  requireSettled(context, options);
  ports.onPhase?.('reading what is live');
  const { regions } = ports.live;
  const [problems, targets, records] = await Promise.all([
    checkParameters(context, { primary: regions.primary.parameters, secondary: regions.secondary.parameters }),
    readTargets(context, regions),
    readRecords(regions),
  ]);
  if (problems.length > 0) {
    const lines = problems.map(({ message }) => `  ${message}`);
    throw new ParametersError(`Nothing was applied, as parameters are missing or wrong:\n${lines.join('\n')}`);
  }
  const live = liveTarget(targets, options.take);
  requireNamed(context, records, live);
  ports.onPhase?.('synthesizing');
  const decision = decideDeploy(context.settings, await ports.synthesize(records), live, options);
  const kept = live === undefined || options.withNewVersions ? [] : decision.environments;
  const pinned = ports.kept
    ? await ports.kept(decision.environments)
    : await liveVersions(context, ports.live, kept, live === undefined ? [] : [live]);
  const isRecorded = [records.primary, records.secondary].every((region) =>
    region.some(({ environment }) => environment === live),
  );
  const { rest, http } = targets[0]?.names ?? {};
  const names = [rest, http].filter((name) => name !== undefined);
  return { decision, live, pinned, isRecorded, names };
}

/** A deploy without an environment that is there would take its name from what the environments share, and from the target's choice. */
function requireNamed({ settings, stage }: StageContext, records: ReleaseRecords, live: string | undefined): void {
  const recorded = [...records.primary, ...records.secondary].map(({ environment }) => environment);
  const there = new Set([...recorded, ...(live === undefined ? [] : [live])]);
  const forgotten = [...there].filter((name) => name !== PREVIEW && !settings.apiEnvironments.includes(name)).sort();
  if (forgotten.length === 0) return;
  const lines = forgotten.map((name) =>
    name === live
      ? `${name} is deployed and receives live traffic: put its name back, and switch to another one first.`
      : `${name} is deployed: put its name back, or take it down with two-region destroy ${stage} --env ${name}`,
  );
  throw new RefusedError(
    `Nothing was applied, as API_ENVIRONMENTS of settings.conf does not name every environment that there is:\n  ${lines.join('\n  ')}`,
  );
}

/**
 * Deploys. Stacks that are named are applied also while a switch is unfinished, as ending it may need them.
 *
 * @throws what {@link prepareDeploy} throws; RefusedError while a switch is unfinished; DeployError when a stack failed or Ctrl-C came
 */
export async function deployStage(
  context: StageContext,
  ports: DeployPorts,
  options: DeployOptions,
): Promise<DeployReport> {
  const { decision, pinned, isRecorded, names } = await prepareDeploy(context, ports, options);
  const isNamed = options.stacks !== undefined || options.only !== undefined;
  if (!decision.isFirst && !isNamed) {
    requireFinished({ stage: context.stage, flags: '' }, await ports.journal.read());
  }
  const { target, environments, isFirst, touchesLive, steps } = decision;
  await requireSameTraffic(context, ports, decision);
  if (!isNamed) await requireAccount(context, ports, isFirst);
  ports.onDecision?.(decision);
  if (isFirst) await ports.confirmFirst(decision, names);
  if (touchesLive) await ports.confirmLive(target);
  const catchUp = await ports.owe?.(decision);
  const stacks = await applySteps(ports.terraform, steps, {
    variablesOf: (stack) => stackVariables(stack, target, pinned),
    objection: objections(ports, { ...decision, isRecorded }, options),
    afterwards: async ({ name }) => (name === 'data' ? ports.protectCopies?.() : undefined),
    ...(ports.onPlan && { onPlan: ports.onPlan }),
    ...(ports.onResult && { onResult: ports.onResult }),
    ...(ports.onWait && { onWait: ports.onWait }),
    ...(ports.wait && { wait: ports.wait }),
    ...(ports.signal && { signal: ports.signal }),
  });
  const report = {
    stage: context.stage,
    first: isFirst,
    target,
    names,
    environments,
    pinned: pinnedFunctions(pinned),
    stacks,
    ...(catchUp && { catchUp }),
  };
  return completed(report, options.again);
}

/** Whose stacks say which region is the active one: the records, and before them what holds traffic in the other region. */
const LEADING: readonly string[] = ['base', 'routing'];

async function requireSameTraffic(context: StageContext, { routing }: DeployPorts, { isFirst, steps }: DeployDecision) {
  if (isFirst || routing === undefined) return;
  if (!steps.flat().some(({ kind }) => LEADING.includes(kind))) return;
  const problem = await routingProblem(context, routing);
  if (problem !== undefined) throw new RefusedError(`Nothing was applied. ${problem}`);
}

/** Stacks that are named are applied without a question: they may be what mends the account. */
async function requireAccount({ stage }: StageContext, { obstacles, onPhase }: DeployPorts, isFirst: boolean) {
  if (obstacles === undefined) return;
  onPhase?.('asking the account');
  const found = await obstacles(isFirst);
  if (found.length === 0) return;
  const lines = found.map((text) => text.replace(/^(?=.)/gm, '  '));
  throw new RefusedError(
    `Nothing was applied, as the account is not ready:\n${lines.join('\n')}\nAll of it: two-region doctor ${stage}`,
  );
}
