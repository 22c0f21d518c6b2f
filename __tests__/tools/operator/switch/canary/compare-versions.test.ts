import { describe, expect, it } from 'vitest';
import type { MeasuredVersion } from '#operator/aws/version-metrics.ts';
import { type ComparedFunction, compareVersions } from '#operator/switch/canary/compare-versions.ts';
import { describeComparison } from '#operator/switch/canary/describe-canary.ts';

const LIMITS = { minimumRequests: 20, errorRatePercent: 5, durationP99Ms: 3000 };

type Numbers = readonly [requests: number, errors: number, durationP99?: number];

function measured(version: string, [requests, errors, durationP99]: Numbers): MeasuredVersion {
  return { version, requests, errors, ...(durationP99 !== undefined && { durationP99 }) };
}

function of(before: Numbers, after: Numbers, more: Partial<ComparedFunction> = {}): ComparedFunction {
  return {
    regionType: 'primary',
    function: 'user',
    isHealthCheck: false,
    failsToRefuse: false,
    before: measured('3', before),
    after: measured('4', after),
    ...more,
  };
}

const verdict = (...functions: readonly ComparedFunction[]) => compareVersions(functions, LIMITS).verdict;

describe('new versions beside old ones (B8)', () => {
  it.each<[string, Numbers, Numbers, string]>([
    ['the same', [900, 0, 20], [100, 0, 20], 'well'],
    ['one error of a hundred, which may be chance', [900, 0, 20], [100, 1, 20], 'well'],
    ['five of a hundred, which is none', [900, 0, 20], [100, 5, 20], 'worse'],
    ['as many errors as before, in proportion', [9000, 900, 20], [1000, 110, 20], 'well'],
    ['clearly more errors than before', [9000, 900, 20], [1000, 200, 20], 'worse'],
    ['over the limit of the alarms, and before below it', [180, 8, 20], [20, 2, 20], 'worse'],
    ['every request, though few', [45, 0, 20], [5, 5, 20], 'worse'],
    ['much slower', [900, 0, 200], [100, 0, 320], 'worse'],
    ['slower by what a first call takes', [900, 0, 20], [100, 0, 110], 'well'],
    ['slower in too few requests to tell', [900, 0, 20], [60, 0, 900], 'well'],
    ['over the limit of time, and before below it', [900, 0, 2900], [100, 0, 3100], 'worse'],
    ['too few requests', [400, 0, 20], [49, 0, 20], 'few'],
    ['a million requests', [9_000_000, 90_000, 20], [1_000_000, 10_000, 20], 'well'],
  ])('%s', (_, before, after, expected) => {
    expect(verdict(of(before, after))).toBe(expected);
  });

  it('says which function, where, how many errors or milliseconds, with which version', () => {
    const slow = of([900, 0, 20], [100, 0, 2000.4], { function: 'test', regionType: 'secondary' });
    expect(compareVersions([of([300, 0], [40, 3]), slow], LIMITS).reasons).toEqual([
      'user in the primary region: 3 of 40 requests failed (7.5 %) with version 4, 0 of 300 requests failed (0 %) with version 3.',
      'test in the secondary region: p99 is 2000 ms with version 4, 20 ms with version 3.',
    ]);
  });

  it("counts no health checkers as clients, and is as much afraid of their function's errors", () => {
    const checked = { isHealthCheck: true };
    expect(compareVersions([of([900, 0], [100, 0], checked)], LIMITS)).toMatchObject({ verdict: 'few', requests: 0 });
    expect(verdict(of([900, 0], [100, 9], checked))).toBe('worse');
  });

  it("takes refusals behind mapping templates, which Lambda counts as errors, for the clients' matter, unless they come beyond chance", () => {
    const refusing = { failsToRefuse: true };
    expect(verdict(of([180, 8, 20], [20, 2, 20], refusing))).toBe('few');
    expect(compareVersions([of([900, 27], [100, 100], refusing)], LIMITS)).toMatchObject({
      verdict: 'worse',
      reasons: [expect.stringContaining('100 of 100 requests failed or were refused')],
    });
  });

  it('is shown as a table, without what nobody called', () => {
    const idle = of([0, 0], [0, 0], { function: 'idle' });
    expect(describeComparison({ functions: [of([900, 0, 20.4], [100, 1]), idle] })).toEqual([
      'region   function  version  requests  errors  p99',
      'primary  user      3        900       0       20 ms',
      '                   4        100       1       -',
    ]);
    expect(describeComparison({ functions: [idle] })).toEqual(['No function was called whose versions differ.']);
  });
});
