import { PREVIEW } from '#functions/environment.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { lastDone } from '#operator/journal/switch-journal.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import { applyPlans, planNarrowly } from '#operator/terraform/plan/narrow-change.ts';
import { stackVariables } from '#operator/terraform/stack-variables.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import { TerraformError } from '#operator/terraform/terraform-error.ts';
import type { StageContext } from '#stacks/context.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import { type DestroyReport, destroyed } from './destroy-report.ts';
import type { DestroyPorts } from './destroy-stage.ts';
import { type DestroyResult, destroySteps, inReverse } from './destroy-steps.ts';
import { everyEnvironment, withEnvironments } from './held-stacks.ts';

/** What taking one environment down needs beside {@link DestroyPorts}. */
export interface EnvironmentPorts extends Omit<DestroyPorts, 'confirmData' | 'data'> {
  /** Environment that receives live traffic; `undefined` where the public names lead nowhere. @throws TargetDisagreementError */
  readonly target: () => Promise<string | undefined>;
  readonly onApplied?: (result: StackResult) => void;
}

export interface EnvironmentOptions {
  readonly environment: string;
  /** Also the one that a rollback would return to. */
  readonly allowNoRollback?: boolean;
  readonly dryRun?: boolean;
  readonly again: string;
}

/** What the entry keeps of an environment: the usage plan that its gateway stage is in, and its mappings below the region's own names. */
const SHARED_WITH = ['aws_api_gateway_usage_plan', 'aws_api_gateway_base_path_mapping', 'aws_apigatewayv2_api_mapping'];

/** What can be said before anything is known of the stage. @throws RefusedError */
export function requireApiEnvironment(stage: string, environment: string): void {
  if (environment !== PREVIEW) return;
  throw new RefusedError(
    `${PREVIEW} is made with every deploy, and no environment of API_ENVIRONMENTS. Its stacks alone: two-region destroy ${stage} --stack ${PREVIEW}`,
  );
}

/**
 * Takes an environment without traffic down in both regions: out of the usage plans and mappings first, then its aliases, gateway stages, logs and release
 * record. Settings may have forgotten its name already. What else it alone needed goes with `tidy` or the next deploy.
 *
 * @throws RefusedError for the target, for what a rollback returns to, and while a switch is unfinished; DestroyError, TerraformError
 */
export async function destroyEnvironment(
  context: StageContext,
  ports: EnvironmentPorts,
  { environment, allowNoRollback = false, dryRun = false, again }: EnvironmentOptions,
): Promise<DestroyReport> {
  const { settings, stage } = context;
  requireApiEnvironment(stage, environment);
  ports.onPhase?.('reading what there is');
  const [held, records, target, journal] = await Promise.all([
    ports.held(),
    ports.records(),
    ports.target(),
    ports.journal.read(),
  ]);
  requireFinished({ stage, flags: '' }, journal);
  const known = everyEnvironment(context, held);
  const problems = [
    ...(known.includes(environment) ? [] : [unknown(environment, known)]),
    ...(environment === target
      ? [
          `${environment} receives live traffic. Move it first: two-region switch ${stage}. Or take down the whole: two-region destroy ${stage}`,
        ]
      : []),
    ...(target === undefined || settings.apiEnvironments.includes(target)
      ? []
      : [`${target} receives live traffic, and API_ENVIRONMENTS does not name it. Put the name back first.`]),
  ];
  const last = lastDone(journal);
  if (last?.from === environment && last.to === target && !allowNoRollback) {
    problems.push(
      `A rollback of ${stage} returns to ${environment}: it had the traffic before ${target}. If nobody will need it: ${again} --allow-no-rollback`,
    );
  }
  if (problems.length > 0) throw new RefusedError(['Nothing was destroyed.', ...problems].join('\n'));

  const goes = held.filter(({ kind, regionType }) => kind === environment && regionType !== undefined);
  const planned = goes.map(
    ({ name, resources }): DestroyResult => ({ stack: name, outcome: 'not run', resources, seconds: 0 }),
  );
  const plan: DestroyReport = {
    stage,
    environment,
    dryRun,
    stacks: planned,
    data: [],
    remarks: nextSteps(context, environment),
  };
  if (dryRun || planned.length === 0) return plan;
  await ports.confirm(plan);
  const others = known.filter((name) => name !== environment);
  const first = target ?? others[0] ?? '';
  ports.onPhase?.(`taking ${environment} out of the usage plans`);
  const without = await ports.synthesize(withEnvironments(context, others), records);
  const entries = without.filter(({ id, kind }) => kind === 'entry' && held.some((each) => each.id === id));
  await leaveEntries(stage, entries, ports, first, again);
  ports.onPhase?.('synthesizing');
  const all = await ports.synthesize(withEnvironments(context, known), records);
  const steps = inReverse(all.filter(({ kind }) => kind === environment));
  const stacks = await destroySteps(ports.terraform, steps, held, {
    ...(ports.onResult && { onResult: ports.onResult }),
    ...(ports.signal && { signal: ports.signal }),
  });
  return destroyed({ ...plan, stacks }, again);
}

async function leaveEntries(
  stage: string,
  entries: readonly SynthesizedStack[],
  { terraform, onApplied }: EnvironmentPorts,
  target: string,
  again: string,
): Promise<void> {
  const plans = await planNarrowly(terraform, entries, {
    stage,
    types: SHARED_WITH,
    variablesOf: (stack) => stackVariables(stack, target),
  });
  const failed = (await applyPlans(terraform, plans, onApplied)).filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return;
  const lines = failed.map(({ stack, problem = '' }) => `${stack}:\n${problem}`);
  throw new TerraformError(
    [...lines, `Nothing was destroyed. When the cause is gone, go on with: ${again}`].join('\n'),
  );
}

function unknown(environment: string, known: readonly string[]): string {
  return `There is no environment ${JSON.stringify(environment)}, allowed are ${known.join(', ')}.${didYouMean(environment, known)}`;
}

function nextSteps({ settings, stage }: StageContext, environment: string): readonly string[] {
  const shared = `What it alone needed of functions, roles and tables: two-region tidy ${stage}`;
  if (!settings.apiEnvironments.includes(environment)) return [shared];
  return [
    `API_ENVIRONMENTS of settings.conf still names ${environment}: take it out, or make it anew with two-region deploy ${stage} ${environment}`,
    shared,
  ];
}
