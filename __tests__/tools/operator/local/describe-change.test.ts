import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { LEFT_OUT } from '#local/route53/predictions.ts';
import type { RegionChange } from '#operator/local/change-region.ts';
import { describeChange } from '#operator/local/describe-change.ts';

const at = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
const change: RegionChange = {
  region: 'primary',
  action: 'fail',
  at,
  noticed: { at: at + 2740, reason: 'no answer: socket hang up' },
  moved: [{ at: at + 5000, name: 'api.example.com', to: 'secondary' }],
  failure: { part: 'region', mode: { kind: 'drop' } },
  predicted: {
    noticed: true,
    fault: 'dropped',
    checks: ['primary'],
    notice: { atLeast: 3.2, atMost: 4.2 },
    recovery: { atLeast: 3.2, atMost: 10.2 },
  },
  timeScale: 10,
  inTime: true,
};
const plain = pc.createColors(false);

describe('the report of a failover', () => {
  it('says what happened when, against the prediction, and what that is in AWS', () => {
    expect(describeChange(change, plain).split('\n')).toEqual([
      '03:04:05.006  primary failed: all of it never responds: packets are dropped',
      '03:04:07.746  health check noticed after 2.7 s (in AWS about 27 s), predicted 3.2 to 4.2 s: no answer: socket hang up',
      '03:04:10.006  api.example.com leads to secondary after 5 s (in AWS about 50 s), predicted 3.2 to 10.2 s',
      LEFT_OUT,
    ]);
  });

  it('leaves out what did not happen and ends with the remark', () => {
    const { noticed: _, failure: __, ...unnoticed } = change;
    const text = describeChange({ ...unnoticed, action: 'recover', moved: [], timeScale: 1, remark: 'Why.' }, plain);
    expect(text).toBe('03:04:05.006  primary recovered\nWhy.');
  });
});
