import { HEALTH_ROUTES, SHALLOW_QUERY } from '#contract/health-routes.ts';
import { columns } from '#operator/cli/columns.ts';
import { type Colors, seconds } from '#operator/cli/terminal.ts';

import type { StackResult } from '#operator/terraform/apply-steps.ts';
import type { ChangeCounts } from '#operator/terraform/plan/planned-change.ts';
import type { DeployDecision } from './decide-deploy.ts';
import type { DeployReport } from './deploy-report.ts';

/** What a deploy is about to do. */
export function describeDecision({ isFirst, target, environments, steps }: DeployDecision): string {
  const stacks = steps.flat().length;
  const what = isFirst
    ? `First deploy: ${stacks} stacks; the public names will lead to ${target}.`
    : `${stacks} stacks; environments: ${environments.join(', ') || 'none'}. Live traffic stays on ${target}.`;
  return `${what}\nOrder: ${steps.map((step) => step.map(({ name }) => name).join(' + ')).join(' → ')}`;
}

/** `2 added, 1 changed` */
export function describeCounts({ add, change, replace, destroy }: ChangeCounts): string {
  const parts = [
    add > 0 ? [`${add} to add`] : [],
    change > 0 ? [`${change} to change`] : [],
    replace > 0 ? [`${replace} to replace`] : [],
    destroy > 0 ? [`${destroy} to destroy`] : [],
  ].flat();
  return parts.join(', ') || 'outputs only';
}

/** One line when a stack is done. */
export function describeResult({ stack, outcome, seconds: took }: StackResult, colors: Colors): string {
  const mark = { applied: colors.green('✓'), unchanged: colors.dim('='), failed: colors.red('✗'), 'not run': ' ' };
  return `${mark[outcome]} ${stack} ${outcome} ${colors.dim(`after ${seconds(took)}`)}`;
}

/** What a deploy did, and what can be done next. */
export function describeDeploy(report: DeployReport, colors: Colors): string {
  const { stage, first, target, environments, pinned, stacks } = report;
  const count = (counts: ChangeCounts | undefined, key: keyof ChangeCounts) => (counts?.[key] ? `${counts[key]}` : '');
  const rows = stacks.map(({ stack, outcome, changes, seconds: took }) => [
    stack,
    outcome,
    ...(['add', 'change', 'replace', 'destroy'] as const).map((key) => count(changes, key)),
    seconds(took),
  ]);
  const [head = '', ...lines] = columns([['stack', '', 'add', 'change', 'replace', 'destroy', 'time'], ...rows]);
  const next = environments.filter((name) => name !== target && name !== 'preview');
  const idle = next[0];
  return [
    colors.bold(head),
    ...lines,
    first ? firstOutcome(report, colors) : `Stage ${stage} is deployed; live traffic stayed on ${target}.`,
    ...Object.entries(pinned).map(
      ([environment, functions]) =>
        `Pinned in ${environment}, and left at their versions: ${functions.join(', ')}. New ones: --with-new-versions`,
    ),
    ...(first || idle === undefined ? [] : [`Move it with: two-region switch ${stage} ${idle}`]),
  ].join('\n');
}

/** Routing is the last stack: without it the public names have no records. */
function firstOutcome({ stage, target, names: [name], stacks }: DeployReport, colors: Colors): string {
  if (!stacks.some(({ stack }) => stack === 'routing')) {
    return `The public names of ${stage} lead nowhere yet. The other stacks: two-region deploy ${stage}`;
  }
  return [
    `Stage ${stage} is deployed; its public names lead to ${target}.`,
    ...(name === undefined
      ? []
      : [`Open: ${colors.bold(`https://${name}${HEALTH_ROUTES.rest.path}${SHALLOW_QUERY}`)}`]),
    `Next: two-region status ${stage} --watch`,
  ].join('\n');
}

/** What a first deploy is about to make, and where: asked about. */
export function describeFirst({ steps }: DeployDecision, { account, regions, names }: FirstDeploy): string {
  const made = steps.flat().reduce((sum, { resourceTypes }) => sum + resourceTypes.length, 0);
  const where = `account ${account}, ${regions.join(' and ')}`;
  return `Up to ${made} resources are made in ${where}, with the public names ${names.join(' and ')}. AWS charges for them: two-region cost.`;
}

/** Where a first deploy goes. */
interface FirstDeploy {
  /** Twelve digits. */
  readonly account: string;
  readonly regions: readonly string[];
  readonly names: readonly string[];
}
