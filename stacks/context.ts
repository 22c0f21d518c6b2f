import type { Settings } from './settings/index.ts';

/** What every stack of one synthesis shares. */
export interface StageContext {
  readonly settings: Settings;
  /** One of the settings' stages. */
  readonly stage: string;
}

export type RegionType = 'primary' | 'secondary';

export function otherRegion(regionType: RegionType): RegionType {
  return regionType === 'primary' ? 'secondary' : 'primary';
}

/** The region that has all traffic while it is healthy. undefined: both have some, by `ROUTING_POLICY`. */
export function activeRegion({ routingPolicy, activeRegion: active }: Settings): RegionType | undefined {
  return routingPolicy === 'failover' ? active : undefined;
}

/** Whether a region takes over what the other one has: the one that is not active does, and each does where both are. */
export function standsBy(settings: Settings, regionType: RegionType): boolean {
  return activeRegion(settings) !== regionType;
}

/** A regional stack's context: the same class is instantiated once per region, so only these values differ. */
export interface RegionContext extends StageContext {
  readonly regionType: RegionType;
  /** AWS region: `eu-central-1`. */
  readonly region: string;
}

/** The context of a region, named by its role. */
export function inRegion(context: StageContext, regionType: RegionType): RegionContext {
  const { primaryRegion, secondaryRegion } = context.settings;
  return { ...context, regionType, region: regionType === 'primary' ? primaryRegion : secondaryRegion };
}

/**
 * Whether data of a stage must outlive a mistake: deletion protection is on and buckets with objects cannot be destroyed.
 * True for every stage but `dev`.
 */
export function isProtected(stage: string): boolean {
  return stage !== 'dev';
}

/** Whether a stage has keys of its own. They are made as soon as `OWN_KEYS` names anything, so that tables can be moved to theirs beforehand. */
export function hasOwnKeys({ settings }: Pick<StageContext, 'settings'>): boolean {
  return settings.ownKeys.length > 0;
}
