import { columns } from '#operator/cli/columns.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { inLeftRegion, regionsLeft, withoutFlag } from '#operator/regions/left-region.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { underUsableStage } from '#operator/without/aws-usable.ts';
import { leftSources } from '#operator/without/left-stacks.ts';
import { underUsableRuntime } from '#operator/without/local-usable.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { requireKnownNames } from './decide-promotion.ts';
import { localPromotion } from './local-promotion.ts';
import { movedByTerraform } from './move-aliases.ts';
import { owePromotion, type PromotePorts, promoteStage } from './promote-stage.ts';
import type { Promotion } from './promotion.ts';
import { lambdaPublishers } from './publish-versions.ts';
import { type SmokeResult, smokeCallOf } from './smoke.ts';

interface PromoteFlags {
  readonly all?: true;
  readonly env?: string;
  /** `false` with `--no-smoke`. */
  readonly smoke: boolean;
  readonly local?: true;
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
  readonly json?: true;
}

/** Promotes what `preview` runs; exit code 1 when a call is answered wrongly. */
export async function runPromote(stage: string, functions: readonly string[], flags: PromoteFlags): Promise<void> {
  if (functions.length > 0 === (flags.all === true)) {
    throw new RefusedError(
      `Give either functions or --all: two-region promote ${stage} user, two-region promote ${stage} --all`,
    );
  }
  const request = { ...(!flags.all && { functions }), ...(flags.env !== undefined && { environment: flags.env }) };
  const report: CommandReport<Promotion> = {
    text: (promotion, colors) =>
      describePromotion(promotion, colors, `${flags.local ? ' --local' : ''}${withoutFlag(flags.without)}`),
    remark: ({ catchUp }) => catchUp?.join('\n'),
    exitCode: ({ smoke }) => (smoke.some(({ problem }) => problem !== undefined) ? ExitCode.Failed : ExitCode.Done),
  };
  if (flags.local) {
    await runCommand(
      flags,
      async ({ view }) => {
        const { context, control } = await runningStage(stage);
        const { smoke, without } = flags;
        const ports = localPromotion(context, control, { smoke, without, onPhase: (text) => view.phase(text) });
        return underUsableRuntime({ context, control }, () => promoteStage(context, ports, request), without);
      },
      report,
    );
    return;
  }
  await runInStage(
    stage,
    flags,
    async (given, surroundings) => {
      // A wrong name needs no account to be told.
      requireKnownNames(given.settings, request);
      const context = inLeftRegion(given, flags.without);
      const work = () => promoteStage(context, portsOf(context, surroundings, flags), request);
      return underUsableStage(given, work, flags.without);
    },
    report,
  );
}

function portsOf(context: StageContext, surroundings: Surroundings, flags: PromoteFlags): PromotePorts {
  const { view, colors } = surroundings;
  const { without } = flags;
  const { journal, catchUp } = awsSwitchRecords(context, without);
  return {
    live: leftSources(context, awsLiveSources(context), without),
    journal,
    ...(without && { without, owe: (decision) => owePromotion(catchUp, without, decision) }),
    publish: lambdaPublishers(context),
    apply: movedByTerraform(context, {
      synthesize: () => synthesizeStacks(context),
      terraform: terraformOf(surroundings).terraform,
      onPhase: (text) => view.phase(text),
      onResult: (result) => {
        view.finished(result.stack);
        view.line(describeResult(result, colors));
      },
    }),
    ...(flags.smoke && { smoke: smokeCallOf(context.stage) }),
    onPhase: (text) => view.phase(text),
    flags: withoutFlag(without),
  };
}

/**
 * What a promotion did, what the calls came to, and what can be done next.
 *
 * @param flags - what the next commands need besides the stage: ` --local`. @default - nothing
 */
export function describePromotion(promotion: Promotion, colors: Colors, flags = ''): string {
  const { stage, target, environment, functions, smoke } = promotion;
  const left = regionsLeft(promotion.without);
  const rows = functions.map(({ name, before, versions, codeSha256 }) => [
    name,
    ...left.map((type) => move(before[type] ?? null, versions[type] ?? '')),
    codeSha256,
  ]);
  const [head = '', ...lines] = columns([['function', ...left, 'code'], ...rows]);
  const failed = smoke.filter(({ problem }) => problem !== undefined);
  return [
    colors.bold(head),
    ...lines,
    `Pinned in ${environment}: deploys leave them there until \`two-region deploy ${stage} ${environment}${flags} --with-new-versions\`.`,
    ...describeSmoke(smoke, environment, colors),
    failed.length === 0
      ? `Live traffic stays on ${target}. Move it with: two-region switch ${stage} ${environment}${flags}`
      : `Live traffic stays on ${target}, and ${environment} runs what was promoted.`,
  ].join('\n');
}

function move(before: string | null, version: string): string {
  return before === version ? version : `${before ?? '-'} → ${version}`;
}

function describeSmoke(smoke: readonly SmokeResult[], environment: string, colors: Colors): string[] {
  if (smoke.length === 0) return ['No calls were made.'];
  const failed = smoke.filter(({ problem }) => problem !== undefined);
  const leftOut = [...new Set(smoke.filter(({ isLeftOut }) => isLeftOut).map(({ route }) => route))];
  const unsent = leftOut.length === 0 ? [] : [`Not called, as they want a token: ${leftOut.join(', ')}.`];
  const sent = smoke.filter(({ isLeftOut }) => !isLeftOut).length;
  if (failed.length === 0)
    return [colors.green(`${environment} answered ${sent} calls as the contract says.`), ...unsent];
  const rows = failed.map(({ regionType, route, summary, problem = '' }) => [regionType, route, summary, problem]);
  return [
    colors.red(`${environment} did not answer ${failed.length} of ${sent} calls as the contract says:`),
    ...columns(rows).map((line) => `  ${line}`),
    ...unsent,
  ];
}
