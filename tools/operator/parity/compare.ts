import type { RegionFacts } from './fact.ts';
import { type Difference, RULES, withoutPlace } from './rules.ts';

/** What a comparison of two regions came to. */
export interface Parity {
  readonly regions: Readonly<Record<'primary' | 'secondary', string>>;
  /** How many facts are the same. */
  readonly same: number;
  /** What differs and may not. */
  readonly differences: readonly Difference[];
  /** What differs and may, each with the reason. */
  readonly allowed: readonly (Difference & { readonly why: string })[];
}

/** Compares two regions, fact by fact. */
export function compareRegions(primary: RegionFacts, secondary: RegionFacts): Parity {
  const [here, there] = [byName(primary), byName(secondary)];
  const keys = [...new Set([...here.keys(), ...there.keys()])];
  const all = keys.flatMap((key): readonly Difference[] => {
    const [one, other] = [here.get(key), there.get(key)];
    const fact = one ?? other;
    if (fact === undefined) return [];
    const { kind, name } = fact;
    return [{ kind, name, primary: one?.value ?? null, secondary: other?.value ?? null }];
  });
  const different = all.filter((each) => each.primary !== each.secondary);
  const allowed = different.flatMap((each) => {
    const rule = RULES.find(({ allows }) => allows(each, primary, secondary));
    return rule === undefined ? [] : [{ ...each, why: rule.why }];
  });
  const isAllowed = (one: Difference) => allowed.some(({ kind, name }) => kind === one.kind && name === one.name);
  return {
    regions: { primary: primary.region, secondary: secondary.region },
    same: all.length - different.length,
    differences: different.filter((each) => !isAllowed(each)),
    allowed,
  };
}

/** Facts by kind and name; names may hold their own region. */
function byName(region: RegionFacts): ReadonlyMap<string, RegionFacts['facts'][number]> {
  return new Map(region.facts.map((fact) => [`${fact.kind} ${withoutPlace(fact.name, region)}`, fact]));
}
