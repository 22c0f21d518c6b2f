import type { StageContext } from '#stacks/context.ts';
import { shownValue } from './mask.ts';
import type { ParameterStores } from './ssm-store.ts';

/** One parameter as `list` shows it. */
export interface ListedParameter {
  readonly name: string;
  /** Masked unless revealed; `null` when it is not set. */
  readonly value: string | null;
  /** The secondary region's value, compared; `unreachable` when that region did not answer. */
  readonly mirror: 'differs' | 'missing' | 'same' | 'unreachable';
}

/** The settings' parameters, and any other that stands under the stage's path. */
export async function listParameters(
  { settings }: StageContext,
  { primary, secondary }: ParameterStores,
  options: { readonly reveal: boolean },
): Promise<readonly ListedParameter[]> {
  const [values, mirrored] = await Promise.all([primary.readAll(), secondary.readAll().catch(() => undefined)]);
  const names = new Set([...settings.parameters, ...values.keys()]);
  return [...names].map((name) => {
    const value = values.get(name);
    return {
      name,
      value: value === undefined ? null : shownValue(name, value, options),
      mirror: compare(value, mirrored && { value: mirrored.get(name) }),
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
