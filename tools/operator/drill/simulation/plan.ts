import type { FailureMode } from '#local/failure/failure.ts';
import type { RegionType } from '#stacks/context.ts';
import { randomOf } from './random.ts';

/** How long what happens by chance goes on; seconds of the simulated time. */
export const PLAN_SECONDS = 600;

/** Parts of a region that are made to fail. `table` and `function` are those that the simulated clients use. */
export type FailingPart = 'domain' | 'function' | 'region' | 'rest' | 'table';

/** Something that happens, at a second of the plan. */
export type Happening = { readonly at: number } & (
  | {
      readonly kind: 'write';
      /** Several writes may be of one item. */
      readonly item: number;
      /** The name that the client asks: the public one, or a region's own. */
      readonly by: RegionType | 'public';
    }
  | { readonly kind: 'mistake'; readonly which: 'body' | 'id' | 'name'; readonly by: RegionType | 'public' }
  | { readonly kind: 'fail'; readonly region: RegionType; readonly part: FailingPart; readonly mode: FailureMode }
  | { readonly kind: 'recover'; readonly region: RegionType }
  | { readonly kind: 'partition' | 'heal' }
  | { readonly kind: 'lag'; readonly milliseconds: number; readonly spread: number }
  | { readonly kind: 'skew'; readonly region: RegionType; readonly milliseconds: number }
  | { readonly kind: 'kill'; readonly region: RegionType }
  | {
      readonly kind: 'switch';
      /** The command is killed with `kill -9` after so many steps. @default - it is not */
      readonly killedAfter: number | null;
    }
  | { readonly kind: 'end-switch'; readonly how: 'resume' | 'revert' }
  | { readonly kind: 'deploy'; readonly environment: number }
  | { readonly kind: 'route'; readonly to: 'away' | 'back'; readonly region: RegionType }
);

/** All that a run does: the same plan comes to the same, to the millisecond. */
export interface Plan {
  /** Decides what is left to chance within the run: which request fails of those of which a share does, how late a write is. */
  readonly lot: number;
  readonly happenings: readonly Happening[];
}

const REGIONS = ['primary', 'secondary'] as const;
const NAMES = ['public', 'primary', 'secondary'] as const;
const MODES: readonly FailureMode[] = [
  { kind: 'refuse' },
  { kind: 'drop' },
  { kind: 'slow', milliseconds: 200 },
  { kind: 'slow', milliseconds: 5000 },
  { kind: 'errors', share: 0.2 },
  { kind: 'errors', share: 1 },
];
const PARTS: readonly FailingPart[] = ['region', 'region', 'rest', 'domain', 'table', 'function'];
/** How often each kind is drawn, beside the others. */
const WEIGHTS: Readonly<Record<Happening['kind'], number>> = {
  write: 14,
  mistake: 3,
  fail: 5,
  recover: 5,
  partition: 1,
  heal: 1,
  lag: 2,
  skew: 1,
  kill: 2,
  switch: 2,
  'end-switch': 1,
  deploy: 1,
  route: 1,
};
const MOST_HAPPENINGS = 60;
const MOST_ITEMS = 4;
const MOST_LAG = 60_000;
const MOST_SPREAD = 5000;
const MOST_SKEW = 2000;
/** A switch that nothing disturbs takes about as many. */
const MOST_STEPS = 30;

/** The plan of a seed, always the same one. */
export function planOf(seed: number): Plan {
  const random = randomOf(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const oneOf = <T>(all: readonly [T, ...T[]] | readonly T[]): T => {
    const drawn = all[below(all.length)];
    if (drawn === undefined) throw new RangeError('There is nothing to draw from.');
    return drawn;
  };
  const kinds = Object.keys(WEIGHTS)
    .filter(isKind)
    .flatMap((kind) => Array<typeof kind>(WEIGHTS[kind]).fill(kind));
  const draw = (): Happening => {
    const at = below(PLAN_SECONDS);
    const kind = oneOf(kinds);
    switch (kind) {
      case 'write':
        return { at, kind, item: below(MOST_ITEMS), by: oneOf(NAMES) };
      case 'mistake':
        return { at, kind, which: oneOf(['body', 'id', 'name'] as const), by: oneOf(NAMES) };
      case 'fail':
        return { at, kind, region: oneOf(REGIONS), part: oneOf(PARTS), mode: oneOf(MODES) };
      case 'recover':
      case 'kill':
        return { at, kind, region: oneOf(REGIONS) };
      case 'partition':
      case 'heal':
        return { at, kind };
      case 'lag':
        return { at, kind, milliseconds: below(MOST_LAG), spread: below(MOST_SPREAD) };
      case 'skew':
        return { at, kind, region: oneOf(REGIONS), milliseconds: below(2 * MOST_SKEW) - MOST_SKEW };
      case 'switch':
        return { at, kind, killedAfter: below(2) === 0 ? null : below(MOST_STEPS) };
      case 'end-switch':
        return { at, kind, how: oneOf(['resume', 'revert'] as const) };
      case 'deploy':
        return { at, kind, environment: below(2) };
      case 'route':
        return { at, kind, to: oneOf(['away', 'back'] as const), region: oneOf(REGIONS) };
    }
  };
  const happenings = Array.from({ length: 1 + below(MOST_HAPPENINGS) }, draw);
  return { lot: seed, happenings: happenings.toSorted((one, other) => one.at - other.at) };
}

function isKind(text: string): text is Happening['kind'] {
  return Object.hasOwn(WEIGHTS, text);
}

/**
 * Leaves out of a plan whatever it fails without: halves first, then ever smaller parts, until nothing more can go.
 *
 * Source: A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing input", 2002.
 *
 * @param fails - whether a plan fails
 */
export async function smallest(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let { happenings } = plan;
  for (let size = Math.ceil(happenings.length / 2), left = true; left || size > 1; ) {
    left = false;
    for (let at = 0; at < happenings.length; ) {
      const fewer = happenings.toSpliced(at, size);
      if (await fails({ ...plan, happenings: fewer })) {
        happenings = fewer;
        left = true;
      } else at += size;
    }
    if (size > 1) {
      size = Math.ceil(size / 2);
      left = true;
    }
  }
  return { ...plan, happenings };
}

/** What happens, a line each. */
export function describePlan({ happenings }: Plan): readonly string[] {
  return happenings.map((each) => `${String(each.at).padStart(5)} s  ${describe(each)}`);
}

function describe(each: Happening): string {
  switch (each.kind) {
    case 'write':
      return `a client writes the item ${each.item} by ${nameOf(each.by)}`;
    case 'mistake':
      return `a client makes a mistake in the ${each.which} by ${nameOf(each.by)}`;
    case 'fail':
      return `the ${each.part} of the ${each.region} region fails: ${JSON.stringify(each.mode)}`;
    case 'recover':
      return `all of the ${each.region} region responds again`;
    case 'partition':
      return 'the regions are cut off from each other';
    case 'heal':
      return 'the regions reach each other again';
    case 'lag':
      return `replication takes ${each.milliseconds} ms, and up to ${each.spread} ms more`;
    case 'skew':
      return `the clock of the ${each.region} region is ${each.milliseconds} ms ahead`;
    case 'kill':
      return `the functions of the ${each.region} region are killed with kill -9`;
    case 'switch':
      return `a switch begins${each.killedAfter === null ? '' : `, and is killed with kill -9 after ${each.killedAfter} steps`}`;
    case 'end-switch':
      return `an unfinished switch: --${each.how}`;
    case 'deploy':
      return `a deploy of environment ${each.environment + 1}`;
    case 'route':
      return `route-${each.to} of the ${each.region} region`;
  }
}

function nameOf(by: RegionType | 'public'): string {
  return by === 'public' ? 'the public name' : `the ${by} region's own name`;
}
