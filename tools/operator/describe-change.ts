import { type Colors, seconds, timeOfDay } from './cli/terminal.ts';
import type { RegionChange } from './local/change-region.ts';

/**
 * A failover as lines: what happened when, and the longest that it may take by prediction (interval × threshold + TTL). With a time scale,
 * the time that AWS would take is in parentheses.
 */
export function describeChange(change: RegionChange, colors: Colors): string {
  const { region, action, at, noticed, moved, predicted, timeScale, remark } = change;
  const elapsed = (until: number, atMost: number) => {
    const took = (until - at) / 1000;
    const inAws = timeScale === 1 ? '' : ` (in AWS ${seconds(took * timeScale)})`;
    return `after ${colors.bold(seconds(took))}${inAws}, predicted at most ${seconds(atMost)}`;
  };
  const line = (time: number, text: string) => `${colors.dim(timeOfDay(time))}  ${text}`;
  const status = action === 'fail' ? colors.red('failed') : colors.green('recovered');
  const lines = [line(at, `${region} ${status}`)];
  if (noticed) {
    lines.push(
      line(noticed.at, `health check noticed ${elapsed(noticed.at, predicted.noticeSeconds)}: ${noticed.reason}`),
    );
  }
  for (const move of moved) {
    lines.push(line(move.at, `${move.name} leads to ${move.to} ${elapsed(move.at, predicted.recoverySeconds)}`));
  }
  if (remark) lines.push(remark);
  return lines.join('\n');
}
