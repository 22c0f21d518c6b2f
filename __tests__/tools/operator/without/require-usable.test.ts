import { describe, expect, it } from 'vitest';
import { requireAway } from '#operator/without/require-usable.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';

describe('working without a region (B16, S4.2)', () => {
  const ask = (lost: RegionType, active: RegionType | undefined, awayFrom?: RegionType) => {
    const said = (saying: RegionType) => {
      const route = otherRegion(saying) === awayFrom ? 'away' : 'home';
      const read = async () => ({ document: { route } as const, version: '1' });
      return { region: saying, read, write: async () => false };
    };
    const stores = { primary: said('primary'), secondary: said('secondary') };
    return requireAway({ stage: 'dev', flags: '', active, stores }, lost);
  };

  it('wants traffic away from the active one for good, and nothing of the one that stands by', async () => {
    await expect(ask('primary', 'primary')).rejects.toThrow(/First: two-region route-away dev primary$/);
    await ask('primary', 'primary', 'primary');
    await ask('secondary', 'primary');
    await expect(ask('secondary', 'secondary')).rejects.toThrow(/First: two-region route-away dev secondary$/);
    await ask('secondary', 'secondary', 'secondary');
    await ask('primary', 'secondary');
  });

  it('wants it of either while both are active', async () => {
    for (const lost of ['primary', 'secondary'] as const) {
      await expect(ask(lost, undefined)).rejects.toThrow(`route-away dev ${lost}`);
      await ask(lost, undefined, lost);
    }
  });
});
