import type { Place } from './fact.ts';

/** A fact that isn't the same in both regions; `null` where a region lacks it. */
export interface Difference {
  readonly kind: string;
  readonly name: string;
  readonly primary: string | null;
  readonly secondary: string | null;
}

/** A difference that is as it should be. */
export interface Rule {
  /** Why it may be. */
  readonly why: string;
  readonly allows: (difference: Difference, primary: Place, secondary: Place) => boolean;
}

/** Everything that may differ between the regions. What no rule allows may not. */
export const RULES: readonly Rule[] = [
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

/** A text without what it says of its own region: `eu-central-1`, `primary`. */
export function withoutPlace(text: string, { region, regionType }: Place): string {
  return text.replaceAll(region, '{region}').replaceAll(new RegExp(`\\b${regionType}\\b`, 'g'), '{region type}');
}
