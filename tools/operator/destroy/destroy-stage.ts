import { RefusedError } from '#operator/cli/errors.ts';
import { EMPTY_JOURNAL, type JournalStore } from '#operator/journal/switch-journal.ts';
import { declaredStacks, selectStacks } from '#operator/terraform/select-stacks.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import type { StageContext } from '#stacks/context.ts';
import { lockTableName, prefixPath, stateBucketName, stateReplicaName } from '#stacks/naming.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { type DestroyReport, destroyed } from './destroy-report.ts';
import { type DestroyResult, destroySteps, inReverse } from './destroy-steps.ts';
import { everyEnvironment, type HeldStack, withEnvironments } from './held-stacks.ts';
import type { DataPort, StageData } from './stage-data.ts';

/** What a destroy works with. */
export interface DestroyPorts {
  /** What the stage has, by its states. */
  readonly held: () => Promise<readonly HeldStack[]>;
  /** What its environments run, so that nothing of it is missing in the synthesis. */
  readonly records: () => Promise<ReleaseRecords>;
  readonly journal: JournalStore;
  readonly synthesize: (context: StageContext, records: ReleaseRecords) => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  readonly data: DataPort;
  readonly signal?: AbortSignal;
  /** Hears what would be destroyed, and asks. @throws RefusedError or CancelledError when it must not be */
  readonly confirm: (report: DestroyReport) => Promise<void>;
  /** Asks once more where data is protected. @throws as `confirm` */
  readonly confirmData: (data: readonly StageData[]) => Promise<void>;
  readonly onPhase?: (phase: string) => void;
  readonly onResult?: (result: DestroyResult) => void;
}

export interface DestroyOptions {
  /** @default - every stack */
  readonly stacks?: readonly string[];
  readonly allowDataLoss?: boolean;
  readonly dryRun?: boolean;
  /** The command line that goes on after a failure. */
  readonly again: string;
}

/** What can be said before anything is known of the stage. @throws RefusedError for stacks that there are not */
export function requireKnownStacks(context: StageContext, stacks: readonly string[] = []): void {
  selectStacks(declaredStacks(context), stacks);
}

/**
 * Takes a stage down, or some of its stacks. What reads a stack goes before it; the state's bucket, parameters and what belongs to the account
 * stay. Given again, it goes on with what is left.
 *
 * @throws RefusedError for data that is protected and for stacks that others need; DestroyError when a stack failed or Ctrl-C came
 */
export async function destroyStage(
  context: StageContext,
  ports: DestroyPorts,
  { stacks: words, allowDataLoss = false, dryRun = false, again }: DestroyOptions,
): Promise<DestroyReport> {
  requireKnownStacks(context, words);
  ports.onPhase?.('reading what there is');
  const [held, records] = await Promise.all([ports.held(), ports.records()]);
  ports.onPhase?.('synthesizing');
  const full = withEnvironments(context, everyEnvironment(context, held));
  const all = await ports.synthesize(full, records);
  const chosen = words === undefined ? all : selectStacks(all, words);
  requireNobodyReads(all, chosen, held, context.stage);
  const steps = inReverse(chosen);
  const planned = steps.flat().flatMap(({ id, name }): DestroyResult[] => {
    const has = held.find((each) => each.id === id);
    return has === undefined ? [] : [{ stack: name, outcome: 'not run', resources: has.resources, seconds: 0 }];
  });
  ports.onPhase?.('looking at tables and buckets');
  const goes = held.filter(({ name }) => planned.some(({ stack }) => stack === name));
  const data = await ports.data.look(goes);
  const plan: DestroyReport = { stage: context.stage, dryRun, stacks: planned, data, remarks: [] };
  if (dryRun) return plan;
  if (planned.length === 0) {
    // The command before may have ended between its last stack and its journal.
    if (words === undefined) await forgetSwitches(ports);
    return plan;
  }
  const guarded = data.filter(({ isProtected }) => isProtected);
  if (guarded.length > 0 && !allowDataLoss) {
    const lines = guarded.map(({ kind, name, stack }) => `  ${stack}: ${kind} ${name}`);
    throw new RefusedError(
      `Nothing was destroyed, as data of ${context.stage} is protected:\n${lines.join('\n')}\nIf it is to be lost for good: ${again} --allow-data-loss`,
    );
  }
  await ports.confirm(plan);
  if (guarded.length > 0) await ports.confirmData(guarded);
  const stacks = await destroySteps(ports.terraform, steps, held, {
    prepare: ({ name }) =>
      ports.data.letGo(data.filter((each) => each.stack === name && (allowDataLoss || !each.isProtected))),
    ...(ports.onResult && { onResult: ports.onResult }),
    ...(ports.signal && { signal: ports.signal }),
  });
  const report = destroyed({ ...plan, stacks }, again);
  if (words !== undefined) return report;
  await forgetSwitches(ports);
  return { ...report, remarks: whatStays(context) };
}

/** There is no environment any more that a rollback could return to, nor a switch to be finished. */
async function forgetSwitches({ journal }: Pick<DestroyPorts, 'journal'>): Promise<void> {
  await journal.write(EMPTY_JOURNAL);
}

/** A stack can't be read any more when it is gone: what reads it must go first, or with it. */
function requireNobodyReads(
  all: readonly SynthesizedStack[],
  chosen: readonly SynthesizedStack[],
  held: readonly HeldStack[],
  stage: string,
): void {
  const isHeld = ({ id }: SynthesizedStack) => held.some((each) => each.id === id);
  const lines = chosen.filter(isHeld).flatMap(({ name }) => {
    const readers = all.filter((each) => isHeld(each) && !chosen.includes(each) && each.dependencies.includes(name));
    return readers.length === 0 ? [] : [`  ${name}: ${readers.map((reader) => reader.name).join(', ')}`];
  });
  if (lines.length === 0) return;
  throw new RefusedError(
    `Nothing was destroyed, as other stacks read what these have:\n${lines.join('\n')}\n` +
      `Name them, too, or take down the whole: two-region destroy ${stage}. An environment: two-region destroy ${stage} --env ENVIRONMENT`,
  );
}

function whatStays(context: StageContext): readonly string[] {
  return [
    `Stage ${context.stage} is gone from both regions. What stays:`,
    `  buckets ${stateBucketName(context)} and ${stateReplicaName(context)}, with the states and every version of them`,
    `  tables ${lockTableName(context)}, with their locks`,
    `  parameters below ${prefixPath(context)}, the hosted zone and the certificates that they name`,
    "  what belongs to the account: API Gateway's logging role, the roles of services",
    `Make it again: two-region deploy ${context.stage}`,
  ];
}
