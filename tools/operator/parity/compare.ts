import type { Stagger } from '#operator/journal/switch-journal.ts';
import { describeStagger } from '#operator/journal/unfinished.ts';
import type { Place, RegionFacts } from './fact.ts';

/** Everything that may differ between the regions. What no rule allows may not. */
const RULES: readonly Rule[] = [
  {
    why: 'Names hold the region that they are in.',
    allows: ({ primary, secondary }, here, there) =>
      primary !== null && secondary !== null && withoutPlace(primary, here) === withoutPlace(secondary, there),
  },
  {
    why: 'Each region counts the versions of a function by itself; the code behind them is compared.',
    allows: ({ kind, primary, secondary }) => kind === 'version' && primary !== null && secondary !== null,
  },
];

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

/** Compares two regions, fact by fact. @param stagger - in which the regions lead to different environments on purpose */
export function compareRegions(primary: RegionFacts, secondary: RegionFacts, stagger?: Stagger): Parity {
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
    const rule = [...RULES, ...(stagger === undefined ? [] : [staggerRule(stagger)])].find(({ allows }) =>
      allows(each, primary, secondary),
    );
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

/** While a switch is staggered the names lead where it has them, and nothing else may differ. */
function staggerRule(stagger: Stagger): Rule {
  const { regionType, from, to } = stagger;
  const [here, there] = regionType === 'primary' ? [to, from] : [from, to];
  return {
    why: `The stage is ${describeStagger(stagger)}.`,
    allows: ({ kind, primary, secondary }) => kind === 'target' && primary === here && secondary === there,
  };
}

/** Facts by kind and name; names may hold their own region. */
function byName(region: RegionFacts): ReadonlyMap<string, RegionFacts['facts'][number]> {
  return new Map(region.facts.map((fact) => [`${fact.kind} ${withoutPlace(fact.name, region)}`, fact]));
}

/** A fact that isn't the same in both regions; `null` where a region lacks it. */
export interface Difference {
  readonly kind: string;
  readonly name: string;
  readonly primary: string | null;
  readonly secondary: string | null;
}

/** A difference that is as it should be. */
interface Rule {
  /** Why it may be. */
  readonly why: string;
  readonly allows: (difference: Difference, primary: Place, secondary: Place) => boolean;
}

/** A text without what it says of its own region: `eu-central-1`, `primary`. */
function withoutPlace(text: string, { region, regionType }: Place): string {
  return text.replaceAll(region, '{region}').replaceAll(new RegExp(`\\b${regionType}\\b`, 'g'), '{region type}');
}
