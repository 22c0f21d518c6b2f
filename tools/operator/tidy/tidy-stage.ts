import { operations } from '#contract/index.ts';
import { functionsOf } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import { errorReason } from '#functions/error-reason.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { JournalStore } from '#operator/journal/switch-journal.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import { applyPlans } from '#operator/terraform/plan/narrow-change.ts';
import { describePlannedChange } from '#operator/terraform/plan/planned-change.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import type { TidySettings } from '#stacks/settings/settings.ts';
import type { TidyRegion } from './aws-region.ts';
import { planContraction, SHARED_STACKS } from './contraction.ts';
import { type Inventory, type Leftover, leftoversIn } from './leftovers.ts';

/** What a tidying works with. */
export interface TidyPorts {
  readonly regions: Readonly<Record<RegionType, TidyRegion>>;
  readonly records: () => Promise<ReleaseRecords>;
  /** Environment that receives live traffic; `undefined` before the first deploy. @throws TargetDisagreementError */
  readonly target: () => Promise<string | undefined>;
  readonly journal: Pick<JournalStore, 'read'>;
  readonly synthesize: (records: ReleaseRecords) => Promise<readonly SynthesizedStack[]>;
  readonly terraform: Terraform;
  readonly signal?: AbortSignal;
  /** Hears what would be removed, and asks. @throws RefusedError or CancelledError when it must not be */
  readonly confirm: (report: TidyReport) => Promise<void>;
  readonly onPhase?: (phase: string) => void;
  readonly onResult?: (result: StackResult) => void;
  /** Milliseconds since the epoch. @default - now */
  readonly now?: () => number;
}

export interface TidyOptions {
  /** Tables that nothing needs go, too. @default false */
  readonly allowDataLoss?: boolean;
  readonly dryRun?: boolean;
}

/** What was removed, or would be. */
export interface TidyReport {
  readonly stage: string;
  readonly policy: TidySettings;
  /** Nothing was done. */
  readonly dryRun: boolean;
  readonly regions: readonly TidiedRegion[];
  /** What the stacks that environments share let go. */
  readonly stacks: readonly TidiedStack[];
  /** What could not go, and why: sentences. */
  readonly remarks: readonly string[];
}

export interface TidiedRegion {
  readonly regionType: RegionType;
  /** AWS region. */
  readonly region: string;
  readonly storage?: Inventory['storage'];
  readonly leftovers: readonly TidiedLeftover[];
}

export type TidiedLeftover = Leftover & {
  /** `left`: nothing was done, by `--dry-run` or after Ctrl-C. */
  readonly outcome: 'failed' | 'left' | 'removed';
  readonly problem?: string;
};

export interface TidiedStack {
  readonly stack: string;
  /** `destroy aws_lambda_function.test_function_1A2B3C4D` */
  readonly changes: readonly string[];
  readonly outcome: StackResult['outcome'];
  readonly problem?: string;
}

const REGIONS: readonly RegionType[] = ['primary', 'secondary'];

/**
 * Removes what nothing needs any more: first what the shared stacks let go, by Terraform, then versions, packages, deployments and log groups that
 * no Terraform knows. Given again, it finds less.
 *
 * @returns what became of each, also of what AWS refused to remove
 * @throws RefusedError before the first deploy and while a switch is unfinished; TargetDisagreementError
 */
export async function tidyStage(context: StageContext, ports: TidyPorts, options: TidyOptions): Promise<TidyReport> {
  const { settings, stage } = context;
  ports.onPhase?.('reading what there is');
  const [records, target, journal] = await Promise.all([ports.records(), ports.target(), ports.journal.read()]);
  requireFinished({ stage, flags: '' }, journal);
  if (target === undefined) {
    throw new RefusedError(`Stage ${stage} is not deployed yet: there is nothing to tidy.`);
  }
  const regions = await Promise.all(REGIONS.map((type) => leftoversOf(context, type, ports, records)));
  ports.onPhase?.('synthesizing');
  const stacks = (await ports.synthesize(records)).filter(({ kind }) => SHARED_STACKS.includes(kind));
  const { plans, remarks } = await planContraction(
    ports.terraform,
    stacks,
    { target_env: target },
    {
      stage,
      allowDataLoss: options.allowDataLoss === true,
    },
  );
  const plan: TidyReport = {
    stage,
    policy: settings.tidy,
    dryRun: options.dryRun === true,
    regions,
    stacks: plans.map(({ stack, changes }) => ({
      stack: stack.name,
      changes: changes.map(describePlannedChange),
      outcome: 'not run',
    })),
    remarks,
  };
  if (plan.dryRun || isNothing(plan)) return plan;
  await ports.confirm(plan);

  const results: StackResult[] = [];
  for (const kind of SHARED_STACKS) {
    if (ports.signal?.aborted || results.some(({ outcome }) => outcome === 'failed')) break;
    const ofKind = plans.filter(({ stack }) => stack.kind === kind);
    results.push(...(await applyPlans(ports.terraform, ofKind, ports.onResult)));
  }
  const tidied = plan.stacks.map((each): TidiedStack => {
    const { outcome = 'not run', problem } = results.find(({ stack: name }) => name === each.stack) ?? {};
    return { ...each, outcome, ...(problem !== undefined && { problem }) };
  });
  ports.onPhase?.('removing what nothing needs');
  const removed = await Promise.all(regions.map((region) => remove(region, ports)));
  return { ...plan, regions: removed, stacks: tidied };
}

/** Whether there is nothing to remove. */
export function isNothing({ regions, stacks }: Pick<TidyReport, 'regions' | 'stacks'>): boolean {
  return stacks.length === 0 && regions.every(({ leftovers }) => leftovers.length === 0);
}

async function leftoversOf(
  context: StageContext,
  regionType: RegionType,
  { regions, now = Date.now }: TidyPorts,
  records: ReleaseRecords,
): Promise<TidiedRegion> {
  const { settings } = context;
  const here = records[regionType];
  const recorded = here.flatMap(({ functions }) => Object.entries(functions));
  const functions = [...functionsOf(operations), ...recorded.map(([name]) => name)];
  const environments = [...settings.apiEnvironments, PREVIEW, ...here.map(({ environment }) => environment)];
  const buckets = recorded.map(
    ([
      ,
      {
        package: { bucket },
      },
    ]) => bucket,
  );
  const inventory = await regions[regionType].inventory(unique(functions), unique(environments), unique(buckets));
  const leftovers = leftoversIn(inventory, here, settings.tidy, now());
  return {
    regionType,
    region: inRegion(context, regionType).region,
    ...(inventory.storage && { storage: inventory.storage }),
    leftovers: leftovers.map((each) => ({ ...each, outcome: 'left' })),
  };
}

/** One after the other: Lambda takes 15 such calls a second of an account. */
async function remove(region: TidiedRegion, { regions, signal }: TidyPorts): Promise<TidiedRegion> {
  const leftovers: TidiedLeftover[] = [];
  for (const leftover of region.leftovers) {
    if (signal?.aborted) leftovers.push(leftover);
    else {
      try {
        await regions[region.regionType].remove(leftover);
        leftovers.push({ ...leftover, outcome: 'removed' });
      } catch (error) {
        leftovers.push({ ...leftover, outcome: 'failed', problem: errorReason(error) });
      }
    }
  }
  return { ...region, leftovers };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
