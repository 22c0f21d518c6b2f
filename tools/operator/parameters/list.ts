import { ofRegion } from '#operator/regions/region-gone.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { shownValue } from './mask.ts';
import type { ParameterStores } from './ssm-store.ts';

/** One parameter as `list` shows it. */
export interface ListedParameter {
  readonly name: string;
  /** Masked unless revealed; `null` when it is not set. */
  readonly value: string | null;
  /** The secondary region's value, compared; `unreachable` when that region did not answer, `left out` where one region alone was asked. */
  readonly mirror: 'differs' | 'left out' | 'missing' | 'same' | 'unreachable';
}

/**
 * The settings' parameters, and any other that stands under the stage's path.
 *
 * @throws RegionGoneError where the primary region does not answer, or the one that is left
 */
export async function listParameters(
  context: StageContext,
  stores: ParameterStores,
  options: {
    readonly reveal: boolean;
    /** The region that is lost: the other one's values are listed, and nothing is asked of it. @default - none */
    readonly without?: RegionType | undefined;
  },
): Promise<readonly ListedParameter[]> {
  const { without } = options;
  const shown = without === undefined ? 'primary' : otherRegion(without);
  const [values, mirrored] = await Promise.all([
    ofRegion(context, shown, () => stores[shown].readAll()),
    without === undefined ? stores.secondary.readAll().catch(() => undefined) : undefined,
  ]);
  const names = new Set([...context.settings.parameters, ...values.keys()]);
  return [...names].map((name) => {
    const value = values.get(name);
    return {
      name,
      value: value === undefined ? null : shownValue(name, value, options),
      mirror: without === undefined ? compare(value, mirrored && { value: mirrored.get(name) }) : 'left out',
    };
  });
}

function compare(
  value: string | undefined,
  mirrored: { value: string | undefined } | undefined,
): ListedParameter['mirror'] {
  if (mirrored === undefined) return 'unreachable';
  if (mirrored.value === value) return 'same';
  return mirrored.value === undefined ? 'missing' : 'differs';
}
