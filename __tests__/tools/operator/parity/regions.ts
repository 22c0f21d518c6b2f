import type { Fact, RegionFacts } from '#operator/parity/fact.ts';

/** Facts of two regions, each with its own names in them. */
export function twoRegions(
  factsOf: (region: string, regionType: string) => readonly Fact[],
): readonly [RegionFacts, RegionFacts] {
  return [
    { regionType: 'primary', region: 'eu-central-1', facts: factsOf('eu-central-1', 'primary') },
    { regionType: 'secondary', region: 'eu-west-1', facts: factsOf('eu-west-1', 'secondary') },
  ];
}
