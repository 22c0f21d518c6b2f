import { describe, expect, it } from 'vitest';
import type { Outcome } from '#operator/aws/setting.ts';
import { type BootstrapReport, isAfterLoss } from '#operator/state/bootstrap.ts';

function report(primary: Outcome, secondary: Outcome): BootstrapReport {
  const bucket = (region: string, outcome: Outcome) => ({
    kind: 'bucket' as const,
    name: `state-${region}`,
    region,
    findings: [{ name: 'bucket', outcome }],
  });
  return { stage: 'dev', account: '1', resources: [bucket('eu-central-1', primary), bucket('eu-west-1', secondary)] };
}

describe('bootstrap', () => {
  it('knows a state that was lost: its bucket is made again while the copy is there (B10)', () => {
    expect(isAfterLoss(report('made', 'existed'))).toBe(true);
    expect(isAfterLoss(report('made', 'made'))).toBe(false);
    expect(isAfterLoss(report('existed', 'existed'))).toBe(false);
    expect(isAfterLoss(report('existed', 'made'))).toBe(false);
  });
});
