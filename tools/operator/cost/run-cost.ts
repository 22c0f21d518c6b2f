import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREVIEW } from '#functions/environment.ts';
import { UsageError } from '#operator/cli/errors.ts';
import { runCommand, runInStage } from '#operator/cli/run-command.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { readStacks } from '#operator/terraform/synthesized-stack.ts';
import type { StageContext } from '#stacks/context.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { liveStateLocation } from '#stacks/terraform/state-location.ts';
import { type CostedResource, readCostedResources, type StageEnvironments } from './costed-resources.ts';
import { readDeployedResources } from './deployed-resources.ts';
import { ageWarning, type CostReport, describeCost } from './describe-cost.ts';
import { type CostDifference, describeCostDifference } from './describe-difference.ts';
import { costChanges, EXTRAS, estimate, POSTURES } from './estimate.ts';
import { PRICED_ON, PRICED_REGIONS, type PricedRegion } from './prices.ts';
import { readUsage, USAGE_LEVELS, type Usage, usageFile, usageOf } from './usage.ts';

export interface CostFlags {
  /** A level, or the path of a usage file. @default medium */
  readonly usage?: string;
  readonly infracost?: string;
  readonly diff?: true;
  readonly json?: true;
}

/** A region without prices of its own is told with those of this one. */
const STAND_IN: PricedRegion = 'eu-central-1';

/** Synthesizes the stage and prints what it costs, without AWS. */
export function runCost(stage: string, flags: CostFlags): Promise<void> {
  if (!flags.diff) return runCommand(flags, () => costReport(stage, flags), { text: describeCost });
  return runInStage(stage, flags, (context) => costDifference(context, flags), { text: describeCostDifference });
}

/** What the stage would cost beside what is deployed costs, used alike: what a deploy changes of the bill. */
async function costDifference(context: StageContext, flags: CostFlags): Promise<CostDifference> {
  const { settings, stage } = context;
  const wanted = flags.usage ?? 'medium';
  const given = givenUsage(wanted);
  const { regionType } = liveStateLocation(context);
  const declared = await synthesizedResources(context);
  const store = awsStateStores(context)[regionType];
  const deployed = await readDeployedResources(context, store, declared, environmentsOf(context));
  const usage = given ?? levelsOf(declared)[wanted] ?? {};
  const regions = { primary: pricedAs(settings.primaryRegion), secondary: pricedAs(settings.secondaryRegion) };
  const price = (resources: readonly CostedResource[]) =>
    estimate({ resources, regions, posture: 'warm-standby', usage });
  const [before, after] = [price(deployed ?? []), price(declared)];
  return {
    stage,
    usage: wanted,
    pricedOn: PRICED_ON,
    deployed: deployed !== undefined,
    before: before.dollars,
    after: after.dollars,
    changes: costChanges(before, after).map((change) => ({
      ...change,
      region: change.regionType === 'primary' ? settings.primaryRegion : settings.secondaryRegion,
    })),
    warnings: warningsOf({ ...before.unpriced, ...after.unpriced }, [settings.primaryRegion, settings.secondaryRegion]),
  };
}

async function costReport(stage: string, flags: CostFlags): Promise<CostReport> {
  const context = loadStageContext(stage);
  const { settings } = context;
  const wanted = flags.usage ?? 'medium';
  const given = givenUsage(wanted);
  const resources = await synthesizedResources(context);
  const levels = levelsOf(resources);
  const usage = given ?? levels[wanted] ?? {};
  const regions = { primary: pricedAs(settings.primaryRegion), secondary: pricedAs(settings.secondaryRegion) };
  const input = { resources, regions, posture: 'warm-standby' as const };
  const present = estimate({ ...input, usage });
  if (flags.infracost !== undefined) writeFileSync(flags.infracost, usageFile(usage));
  const compared = { ...levels, [wanted]: usage };
  const over = (calculate: (usage: Usage) => number) =>
    Object.fromEntries(Object.entries(compared).map(([name, each]) => [name, calculate(each)]));
  return {
    stage,
    usage: wanted,
    pricedOn: PRICED_ON,
    regions: {
      primary: { region: settings.primaryRegion, pricedAs: regions.primary },
      secondary: { region: settings.secondaryRegion, pricedAs: regions.secondary },
    },
    posture: input.posture,
    estimate: present,
    postures: Object.fromEntries(
      POSTURES.map((posture) => [posture, over((each) => estimate({ ...input, posture, usage: each }).dollars)]),
    ),
    extras: Object.fromEntries(
      EXTRAS.map((extra) => [
        extra,
        over(
          (each) =>
            estimate({ ...input, usage: each, extras: [extra] }).dollars - estimate({ ...input, usage: each }).dollars,
        ),
      ]),
    ),
    warnings: warningsOf(present.unpriced, [settings.primaryRegion, settings.secondaryRegion]),
  };
}

/** What the stage would be deployed with. It is synthesized into a folder of its own: two commands at once don't meet. */
async function synthesizedResources(context: StageContext): Promise<readonly CostedResource[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'two-region-cost-'));
  try {
    const { stage } = context;
    await synthesizeStage({ directory: projectFolder(), stage, outdir });
    return await readCostedResources(await readStacks(outdir, stage), environmentsOf(context));
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

/** Environments are alike: whichever is live, the bill is the same. */
function environmentsOf({ settings }: StageContext): StageEnvironments {
  return { target: settings.apiEnvironments[0] ?? '', environments: [...settings.apiEnvironments, PREVIEW] };
}

/** @returns undefined for a level, whose figures depend on what the stage has */
function givenUsage(wanted: string): Usage | undefined {
  if (USAGE_LEVELS.some((level) => level === wanted)) return undefined;
  if (/^[a-z]+$/i.test(wanted)) {
    throw new UsageError(`--usage: got ${wanted}, allowed: ${USAGE_LEVELS.join(', ')}, or the path of a usage file.`);
  }
  return readUsage(wanted);
}

function levelsOf(resources: readonly CostedResource[]): Readonly<Record<string, Usage>> {
  const live = resources.filter(({ regionType, hasTraffic }) => regionType === 'primary' && hasTraffic);
  const count = (wanted: string) => live.filter(({ type }) => type === wanted).length;
  const counts = {
    functions: count('aws_lambda_function'),
    tables: count('aws_dynamodb_table'),
    logGroups: count('aws_cloudwatch_log_group'),
  };
  return Object.fromEntries(USAGE_LEVELS.map((level) => [level, usageOf(level, counts)]));
}

function pricedAs(region: string): PricedRegion {
  return PRICED_REGIONS.find((priced) => priced === region) ?? STAND_IN;
}

function warningsOf(unpriced: Readonly<Record<string, number>>, regions: readonly string[]): string[] {
  const types = Object.entries(unpriced).map(([type, count]) => `${type} (${count})`);
  const foreign = regions.filter((region) => !PRICED_REGIONS.some((priced) => priced === region));
  return [
    ...(types.length > 0 ? [`Not in the sum, as no price is known: ${types.join(', ')}.`] : []),
    ...foreign.map((region) => `No prices of ${region}: those of ${STAND_IN} stand in for them.`),
    ...[ageWarning(Date.now())].filter((warning) => warning !== undefined),
  ];
}
