import type { Failure, FailureMode } from '#local/failure/failure.ts';
import type { PredictedFault } from '#local/failure/failure-schema.ts';
import { LEFT_OUT } from '#local/route53/predictions.ts';
import { type Colors, seconds, timeOfDay } from '#operator/cli/terminal.ts';
import type { RegionChange } from './change-region.ts';

/**
 * A failover as lines: what happened when, beside the range that was predicted, and what that leaves out. With a time scale, the time that AWS would
 * take is in parentheses.
 */
export function describeChange(change: RegionChange, colors: Colors): string {
  const { region, action, failure, at, noticed, moved, predicted, timeScale, remark } = change;
  const elapsed = (until: number, range: PredictedFault['notice'] | undefined) => {
    const took = (until - at) / 1000;
    const inAws = timeScale === 1 ? '' : ` (in AWS about ${Math.round(took * timeScale)} s)`;
    const prediction = range ? `, predicted ${describeRange(range)}` : '';
    return `after ${colors.bold(seconds(took))}${inAws}${prediction}`;
  };
  const line = (time: number, text: string) => `${colors.dim(timeOfDay(time))}  ${text}`;
  const status = action === 'fail' ? colors.red('failed') : colors.green('recovered');
  const how = failure ? `: ${describeFailure(failure)}` : '';
  const lines = [line(at, `${region} ${status}${how}`)];
  if (change.edge) lines.push(describeEdge(change.edge));
  const { notice, recovery } = predicted.noticed ? predicted : { notice: undefined, recovery: undefined };
  if (noticed) lines.push(line(noticed.at, `health check noticed ${elapsed(noticed.at, notice)}: ${noticed.reason}`));
  for (const move of moved) {
    lines.push(line(move.at, `${move.name} leads to ${move.to} ${elapsed(move.at, recovery)}`));
  }
  if (moved.length > 0) lines.push(LEFT_OUT);
  if (remark) lines.push(remark);
  return lines.join('\n');
}

/** What clients see while the edge asks a region that fails. @param either - patterns of paths that it asks of the other one, too */
function describeEdge(either: readonly string[]): string {
  const reads =
    either.length === 0
      ? 'no read is asked of the other region (`edge` in the contract)'
      : `reads of ${either.join(', ')} are asked of the other region at once, where this one does not respond or with 5xx`;
  return `At the edge ${reads}; everything else, and every write, gets what the region responds, or 502 or 504 of CloudFront, until its origin's name leads elsewhere.`;
}

function describeRange({ atLeast, atMost }: PredictedFault['notice']): string {
  const short = (value: number) => seconds(value).replace(/ s$/, '');
  return `${short(atLeast)} to ${seconds(atMost)}`;
}

/** What fails, and how, in words. */
export function describeFailure({ part, mode }: Failure): string {
  return `${part === 'region' ? 'all of it' : part} ${describeMode(mode)}`;
}

function describeMode(mode: FailureMode): string {
  switch (mode.kind) {
    case 'refuse':
      return 'refuses connections';
    case 'drop':
      return 'never responds: packets are dropped';
    case 'slow':
      return `responds after ${seconds(mode.milliseconds / 1000)}`;
    case 'errors':
      return `responds to ${Math.round(mode.share * 100)} % of the requests with an error`;
  }
}
