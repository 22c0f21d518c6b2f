import { describe, expect, it } from 'vitest';
import type { RegionTarget } from '#operator/live/live-region.ts';
import { disagree, liveTarget, TargetDisagreementError } from '#operator/live/target.ts';

type Mapped = string | undefined;
const region = (regionType: 'primary' | 'secondary', rest: Mapped, http: Mapped = rest): RegionTarget => ({
  regionType,
  region: regionType === 'primary' ? 'eu-central-1' : 'eu-west-1',
  names: {},
  rest,
  http,
});

describe('the live target', () => {
  it.each([
    { what: 'none before the first deploy', targets: [undefined, undefined], target: undefined },
    { what: 'what both regions lead to', targets: ['envB', 'envB'], target: 'envB' },
    { what: 'what the only mapped region leads to', targets: [undefined, 'envA'], target: 'envA' },
  ])('is $what', ({ targets: [primary, secondary], target }) => {
    expect(liveTarget([region('primary', primary), region('secondary', secondary)])).toBe(target);
  });

  it('is refused where the regions disagree, with what each says and how to reconcile (S0.13)', () => {
    const targets = [region('primary', 'envA'), region('secondary', 'envB')];
    expect(disagree(targets)).toBe(true);
    expect(() => liveTarget(targets)).toThrow(TargetDisagreementError);
    expect(() => liveTarget(targets)).toThrow(/primary \(eu-central-1\): REST envA.+secondary.+envB.+--take primary/s);
  });

  it("is the region's that is taken, unless its own names disagree", () => {
    const targets = [region('primary', 'envA', 'envB'), region('secondary', 'envB')];
    expect(liveTarget(targets, 'secondary')).toBe('envB');
    expect(() => liveTarget(targets, 'primary')).toThrow(/--take primary does not settle it/);
  });
});
