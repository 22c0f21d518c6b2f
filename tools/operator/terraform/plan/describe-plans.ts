import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { withRemedy } from '#operator/terraform/terraform-error.ts';
import type { AssessedChange, PlannedStack } from './plan-steps.ts';

const KINDS = ['add', 'change', 'replace', 'destroy'] as const;

/** One table of what would change, then what live traffic would notice, what would lose data, and what could not be planned. */
export function describePlans(plans: readonly PlannedStack[], stage: string, colors: Colors): string {
  const rows = plans.map((plan) => [plan.stack, ...KINDS.map((kind) => String(plan.counts[kind] || '')), note(plan)]);
  const [head = '', ...lines] = columns([['stack', ...KINDS, ''], ...rows]);
  const failed = plans.filter(({ outcome }) => outcome === 'failed');
  return [
    colors.bold(head),
    ...lines.map((line, at) => paint(plans[at], colors)(line)),
    ...impacts(plans, 'live', colors.yellow('Live traffic would notice:')),
    ...impacts(plans, 'data', colors.red('Data would be lost:')),
    ...plans.flatMap(({ stack, details }) => (details === undefined ? [] : ['', colors.bold(stack), details])),
    ...failed.flatMap(({ stack, problem = '' }) => ['', colors.red(`${stack}:`), withRemedy(problem, stage)]),
    ...(plans.every(({ outcome }) => outcome === 'none') ? ['No changes.'] : []),
  ].join('\n');
}

function note({ outcome, after, changes, counts }: PlannedStack): string {
  if (outcome === 'failed') return 'failed';
  if (outcome === 'none') return after.length > 0 ? `may change after ${after.join(', ')}` : 'no changes';
  if (outcome === 'later') return `planned after ${after.join(', ')}`;
  const parts = [
    ...(changes.length === 0 ? ['outputs only'] : []),
    ...(changes.some(({ impact }) => impact === 'live') ? ['LIVE'] : []),
    ...(changes.some(({ impact }) => impact === 'data') ? ['DATA LOSS'] : []),
    ...(after.length > 0 && counts.add !== changes.length ? [`more may follow from ${after.join(', ')}`] : []),
  ];
  return parts.join(', ');
}

function paint(plan: PlannedStack | undefined, colors: Colors): (text: string) => string {
  if (plan?.outcome === 'none') return colors.dim;
  if (plan?.outcome === 'failed' || plan?.changes.some(({ impact }) => impact === 'data')) return colors.red;
  return plan?.changes.some(({ impact }) => impact === 'live') ? colors.yellow : (text) => text;
}

function impacts(plans: readonly PlannedStack[], wanted: AssessedChange['impact'], title: string): string[] {
  const lines = plans.flatMap(({ stack, changes }) =>
    changes
      .filter(({ impact }) => impact === wanted)
      .map(({ action, address, attributes }) => {
        const which = action === 'change' || action === 'replace' ? `: ${attributes.join(', ')}` : '';
        return `  ${stack}  ${action} ${address}${which}`;
      }),
  );
  return lines.length === 0 ? [] : ['', title, ...lines];
}

/** What a command that planned ends with: 0 nothing to apply, 2 changes, 1 a plan failed. */
export function exitCodeOfPlans(plans: readonly PlannedStack[]): ExitCode {
  if (plans.some(({ outcome }) => outcome === 'failed')) return ExitCode.Failed;
  return plans.some(({ outcome }) => outcome !== 'none') ? ExitCode.Usage : ExitCode.Done;
}
