import type { ParameterStores } from '#operator/parameters/ssm-store.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { keyValues } from '#stacks/settings/parameters.ts';
import type { AdmittedKey, AdmittedKeys } from './admitted-keys.ts';
import { fingerprint } from './key-parameter.ts';
import type { KeyPlace } from './key-stacks.ts';

/** The key of one region, as its parameter and its usage plan have it. Values are fingerprints. */
export interface RegionKeys {
  readonly regionType: RegionType;
  /** AWS region. */
  readonly region: string;
  /** What the parameter holds: the current key, and during a rotation the one before it. Empty when it is not set. */
  readonly wanted: readonly string[];
  /** `null` where no usage plan is deployed. */
  readonly admitted: readonly AdmittedKey[] | null;
}

/** What keys are read from. */
export interface KeySources {
  readonly stores: ParameterStores;
  readonly admitted: Readonly<Record<RegionType, AdmittedKeys>>;
  /** The region that is lost, and of which nothing is asked. @default - none */
  readonly without?: RegionType;
}

/** Asks both regions for the keys of a place, or the one that is left; the primary region comes first. @throws RegionGoneError */
export function readKeys(
  context: StageContext,
  place: KeyPlace,
  { stores, admitted, without }: KeySources,
): Promise<readonly RegionKeys[]> {
  const read = async (regionType: RegionType): Promise<RegionKeys> => {
    const [values, keys] = await ofRegion(context, regionType, () =>
      Promise.all([stores[regionType].readAll(), admitted[regionType](place.usagePlan)]),
    );
    const value = values.get(place.parameter);
    const wanted = value === undefined ? [] : keyValues(value).flatMap((one) => (one ? [fingerprint(one)] : []));
    return { regionType, region: inRegion(context, regionType).region, wanted, admitted: keys ?? null };
  };
  return Promise.all(regionsLeft(without).map(read));
}

/** What a region lacks, compared with what the primary region's parameter says, or its own where it is alone. */
export interface KeyRepairs {
  readonly regionType: RegionType;
  /** The parameter lacks a value, or has another one. */
  readonly parameter: boolean;
  /** Keys that are wanted and not admitted, or switched off. */
  readonly missing: readonly string[];
  /** Keys that are admitted and not wanted. */
  readonly surplus: readonly string[];
}

/** What each region needs; regions that need nothing are left out. */
export function repairsOf(regions: readonly RegionKeys[]): readonly KeyRepairs[] {
  const wanted = regions[0]?.wanted ?? [];
  return regions
    .map(({ regionType, wanted: own, admitted }) => ({
      regionType,
      parameter: own.join() !== wanted.join(),
      missing:
        admitted === null
          ? []
          : wanted.filter((one) => !admitted.some((key) => key.fingerprint === one && key.enabled)),
      surplus: (admitted ?? []).map((key) => key.fingerprint).filter((one) => !wanted.includes(one)),
    }))
    .filter(({ parameter, missing, surplus }) => parameter || missing.length > 0 || surplus.length > 0);
}

/** What a region needs, in a sentence. */
export function describeRepairs({ regionType, parameter, missing, surplus }: KeyRepairs): string {
  const parts = [
    ...(parameter ? ["its parameter has another value than the primary region's"] : []),
    ...(missing.length > 0 ? [`it does not admit ${missing.join(' and ')}`] : []),
    ...(surplus.length > 0 ? [`it admits ${surplus.join(' and ')}, which the parameter does not name`] : []),
  ];
  return `${regionType} region: ${parts.join('; ')}.`;
}
