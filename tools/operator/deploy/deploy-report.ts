import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import { withRemedy } from '#operator/terraform/terraform-error.ts';

/** What a deploy did. */
export interface DeployReport {
  readonly stage: string;
  readonly first: boolean;
  /** Environment that receives live traffic, before and after. */
  readonly target: string;
  /** Public names of the REST API and the HTTP API. */
  readonly names: readonly string[];
  /** Environments that were deployed to. */
  readonly environments: readonly string[];
  /** Of these, functions that were left at the versions that they are pinned to, where there are any. */
  readonly pinned: Readonly<Record<string, readonly string[]>>;
  readonly stacks: readonly StackResult[];
  /** What a region that was left out has to catch up on, in sentences. @default - none was */
  readonly catchUp?: readonly string[];
}

/** A deploy ended before its end. The state holds what was done. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
  readonly exitCode = ExitCode.DeployFailed;
  constructor(
    message: string,
    /** What was done until then; `--json` prints it beside the error. */
    readonly report: DeployReport,
  ) {
    super(message);
  }
}

/** Gives the report of a deploy that went through. @param again - the command line that goes on. @throws DeployError otherwise */
export function completed(report: DeployReport, again: string): DeployReport {
  const { stage, stacks } = report;
  const failed = stacks.filter(({ outcome }) => outcome === 'failed');
  const waiting = stacks.filter(({ outcome }) => outcome === 'not run');
  if (failed.length === 0 && waiting.length === 0) return report;
  const done = stacks.filter(({ outcome }) => outcome === 'applied' || outcome === 'unchanged');
  throw new DeployError(
    [
      failed.length === 0 ? `Deploy of ${stage} was interrupted.` : `Deploy of ${stage} failed in ${names(failed)}.`,
      ...failed.map(({ stack, problem = '', tries }) => `\n${stack}:\n${indented(withRemedy(problem, stage, tries))}`),
      '',
      `Done: ${names(done) || 'nothing'}. Not begun: ${names(waiting) || 'nothing'}.`,
      `The state holds what was done. When the cause is gone, go on with: ${again}`,
    ].join('\n'),
    report,
  );
}

function names(results: readonly StackResult[]): string {
  return results.map(({ stack }) => stack).join(', ');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
