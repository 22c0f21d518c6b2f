import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type Colors, seconds } from '#operator/cli/terminal.ts';
import { withRemedy } from '#operator/terraform/terraform-error.ts';
import type { DestroyResult } from './destroy-steps.ts';
import { describeData, type StageData } from './stage-data.ts';

/** What was destroyed, or would be. */
export interface DestroyReport {
  readonly stage: string;
  /** Of `--env`. */
  readonly environment?: string;
  /** Nothing was done. */
  readonly dryRun: boolean;
  readonly stacks: readonly DestroyResult[];
  /** Tables and buckets of these stacks. */
  readonly data: readonly StageData[];
  /** What stays, and what can be done next: sentences. */
  readonly remarks: readonly string[];
}

/** A destroy ended before its end. The states hold what is left. */
export class DestroyError extends Error {
  override readonly name = 'DestroyError';
  readonly exitCode = ExitCode.DeployFailed;
  constructor(
    message: string,
    /** What was done until then; `--json` prints it beside the error. */
    readonly report: DestroyReport,
  ) {
    super(message);
  }
}

/** Gives the report of a destroy that went through. @param again - the command line that goes on. @throws DestroyError otherwise */
export function destroyed(report: DestroyReport, again: string): DestroyReport {
  const named = (wanted: DestroyResult['outcome']) => report.stacks.filter(({ outcome }) => outcome === wanted);
  const [failed, waiting] = [named('failed'), named('not run')];
  if (failed.length === 0 && waiting.length === 0) return report;
  throw new DestroyError(
    [
      failed.length === 0
        ? `The destroy of ${report.stage} was interrupted.`
        : `The destroy of ${report.stage} failed in ${names(failed)}.`,
      ...failed.map(
        ({ stack, problem = '' }) => `\n${stack}:\n${withRemedy(problem, report.stage).replace(/^(?=.)/gm, '  ')}`,
      ),
      '',
      `Destroyed: ${names(named('destroyed')) || 'nothing'}. Not begun: ${names(waiting) || 'nothing'}.`,
      `The states hold what is left. When the cause is gone, go on with: ${again}`,
    ].join('\n'),
    report,
  );
}

function names(results: readonly DestroyResult[]): string {
  return results.map(({ stack }) => stack).join(', ');
}

/** One line when a stack is done. */
export function describeDestroyed({ stack, outcome, seconds: took }: DestroyResult, colors: Colors): string {
  const mark = outcome === 'destroyed' ? colors.green('✓') : colors.red('✗');
  return `${mark} ${stack} ${outcome} ${colors.dim(`after ${seconds(took)}`)}`;
}

/** What there is to be destroyed, in order: said before the question. */
export function describePlan({ stacks, data }: Pick<DestroyReport, 'data' | 'stacks'>): readonly string[] {
  const total = stacks.reduce((sum, { resources }) => sum + resources, 0);
  return [
    `${stacks.length} stacks with ${total} resources, in this order:`,
    ...columns(stacks.map(({ stack, resources }) => [stack, `${resources} resources`])).map((line) => `  ${line}`),
    ...(data.length === 0 ? [] : ['Data among them:', ...columns(data.map(describeData)).map((line) => `  ${line}`)]),
  ];
}

/** What was destroyed, or would be, and what stays. */
export function describeReport(report: DestroyReport, colors: Colors): string {
  const { stage, environment, dryRun, stacks, remarks } = report;
  const what = environment === undefined ? stage : `${environment} of ${stage}`;
  if (stacks.length === 0) return [`Nothing of ${what} is left to be destroyed.`, ...remarks].join('\n');
  if (dryRun) return describePlan(report).join('\n');
  const rows = stacks.map(({ stack, outcome, resources, seconds: took }) => [
    stack,
    outcome,
    String(resources),
    seconds(took),
  ]);
  const [head = '', ...lines] = columns([['stack', '', 'resources', 'time'], ...rows]);
  return [colors.bold(head), ...lines, ...remarks].join('\n');
}
