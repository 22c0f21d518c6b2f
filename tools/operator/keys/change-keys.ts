import { KeysError, RefusedError } from '#operator/cli/errors.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import { otherRegion, type StageContext } from '#stacks/context.ts';
import { keyValues } from '#stacks/settings/parameters.ts';
import { fingerprint, generateKey, keptIn, mirrorKey, writeKey } from './key-parameter.ts';
import type { KeyPlace, KeyStacks } from './key-stacks.ts';
import { describeRepairs, type KeySources, type RegionKeys, readKeys, repairsOf } from './stage-keys.ts';

/** What keys are changed with. */
export interface KeyPorts extends KeySources {
  readonly stacks: KeyStacks;
  /** Asked before keys of the live environment change. @throws RefusedError or CancelledError when they must not */
  readonly confirm: (what: string) => Promise<void>;
  /** @default - keys are made by chance */
  readonly generate?: () => string;
  /** Writes down that a region which is lost will lack a key, before anything is changed. */
  readonly owe?: (place: KeyPlace) => Promise<void>;
}

/** The regions that a change is made in. */
function where({ without }: KeySources): string {
  return without === undefined ? 'both regions' : `the ${otherRegion(without)} region alone`;
}

/** What became of a place's keys. */
export interface KeyChange {
  readonly stage: string;
  readonly environments: readonly string[];
  readonly outcome: 'created' | 'finished' | 'rotated' | 'synchronized' | 'unchanged';
  /** Fingerprints of what the regions have now, or the one that is left. */
  readonly current: string;
  /** The key before it, which is still valid. */
  readonly previous: string | null;
  readonly stacks: readonly StackResult[];
  /** The new key itself. */
  readonly value?: string;
}

/** Makes the first key of a place and keeps it in both regions, or in the one that is left; the next deploy, or `sync`, admits it. @throws RefusedError when there is one */
export async function createKey(context: StageContext, place: KeyPlace, ports: KeyPorts): Promise<KeyChange> {
  const { stage } = context;
  const regions = await readKeys(context, place, ports);
  const holding = regions.find(({ wanted }) => wanted.length > 0);
  if (holding !== undefined) {
    const { regionType, wanted } = holding;
    const remedy =
      regionType === keptIn(ports.without)
        ? `Make a new one: two-region keys rotate ${stage}${place.flags}`
        : `Set it in the primary region, too: two-region params put ${stage} ${place.parameter}${place.stageFlags}`;
    throw new RefusedError(`The ${regionType} region has the key ${wanted[0]} already. ${remedy}`);
  }
  const value = (ports.generate ?? generateKey)();
  await ports.owe?.(place);
  await writeKey(context, place, ports.stores, value, ports.without);
  return { ...changeOf(context, place, value), outcome: 'created', stacks: [], value };
}

/** Makes a new key; the one before it stays valid. @throws RefusedError while a rotation is under way, or the regions disagree */
export async function rotateKey(context: StageContext, place: KeyPlace, ports: KeyPorts): Promise<KeyChange> {
  const [old, previous] = await settledValues(context, place, ports);
  if (previous !== undefined) {
    throw new RefusedError(
      `A rotation is under way: ${fingerprint(previous)} is still valid beside ${fingerprint(old)}. ` +
        `When nobody uses it any more: two-region keys rotate ${context.stage}${place.flags} --finish`,
    );
  }
  await ports.stacks.requireSettled(place);
  await ports.confirm(`A new key is admitted beside ${fingerprint(old)} in ${where(ports)}.`);
  const value = (ports.generate ?? generateKey)();
  const both = `${value},${old}`;
  return { ...(await store(context, place, ports, both)), outcome: 'rotated', value };
}

/** Ends a rotation: the key before the current one is valid no longer. @throws RefusedError when none is under way */
export async function finishRotation(context: StageContext, place: KeyPlace, ports: KeyPorts): Promise<KeyChange> {
  const [current, previous] = await settledValues(context, place, ports);
  if (previous === undefined) {
    throw new RefusedError(`No rotation is under way: ${fingerprint(current)} is the only key.`);
  }
  await ports.stacks.requireSettled(place);
  await ports.confirm(
    `The key ${fingerprint(previous)} stops working in ${where(ports)}; ${fingerprint(current)} stays.`,
  );
  return { ...(await store(context, place, ports, current)), outcome: 'finished' };
}

/** Gives both regions what the primary region's parameter says, or the one that is left what its own says: the mirrored parameter, and the keys that are admitted. @throws RefusedError */
export async function syncKeys(context: StageContext, place: KeyPlace, ports: KeyPorts): Promise<KeyChange> {
  const value = await requireValue(context, place, ports);
  const found = await readKeys(context, place, ports);
  const repairs = repairsOf(found);
  const known = changeOf(context, place, value);
  if (repairs.length === 0) {
    requireDeployed(context, place, found);
    return { ...known, outcome: 'unchanged', stacks: [] };
  }
  const regions = repairs.filter(({ missing, surplus }) => missing.length + surplus.length > 0);
  if (regions.length > 0) await ports.confirm(repairs.map(describeRepairs).join('\n'));
  await ports.owe?.(place);
  if (ports.without === undefined) await mirrorKey(context, place, ports.stores, value);
  const types = regions.map(({ regionType }) => regionType);
  const stacks = types.length === 0 ? [] : await ports.stacks.apply(place, types);
  await verify(context, place, ports);
  return { ...known, outcome: 'synchronized', stacks };
}

/** The parameter's values, when the regions that are worked in have what it says. */
async function settledValues(context: StageContext, place: KeyPlace, ports: KeyPorts) {
  const value = await requireValue(context, place, ports);
  const regions = await readKeys(context, place, ports);
  requireDeployed(context, place, regions);
  const repairs = repairsOf(regions);
  if (repairs.length > 0) {
    const remedy = `Repair it first: two-region keys sync ${context.stage}${place.flags}`;
    throw new RefusedError([...repairs.map(describeRepairs), remedy].join('\n'));
  }
  return keyValues(value);
}

async function requireValue(context: StageContext, place: KeyPlace, { stores, without }: KeyPorts): Promise<string> {
  const { stage } = context;
  const kept = keptIn(without);
  const value = (await ofRegion(context, kept, () => stores[kept].readAll())).get(place.parameter);
  if (value !== undefined) return value;
  throw new RefusedError(`There is no key yet. Make one: two-region keys create ${stage}${place.flags}`);
}

function requireDeployed(
  { stage }: StageContext,
  { stackKind, stageFlags }: KeyPlace,
  regions: readonly RegionKeys[],
): void {
  const lacking = regions.filter(({ admitted }) => admitted === null).map(({ regionType }) => regionType);
  if (lacking.length === 0) return;
  const names = lacking.map((regionType) => `${stackKind}-${regionType}`).join(' ');
  throw new RefusedError(`Not deployed yet: ${names}. Deploy it first: two-region deploy ${stage}${stageFlags}`);
}

/** Writes the parameter, applies the regions, and looks whether they admit what they should. */
async function store(context: StageContext, place: KeyPlace, ports: KeyPorts, value: string) {
  await ports.owe?.(place);
  await writeKey(context, place, ports.stores, value, ports.without);
  const stacks = await ports.stacks.apply(place, regionsLeft(ports.without));
  await verify(context, place, ports);
  return { ...changeOf(context, place, value), stacks };
}

async function verify(context: StageContext, place: KeyPlace, ports: KeyPorts): Promise<void> {
  const repairs = repairsOf(await readKeys(context, place, ports));
  if (repairs.length === 0) return;
  const again = `two-region keys sync ${context.stage}${place.flags}`;
  throw new KeysError([...repairs.map(describeRepairs), `Go on with: ${again}`].join('\n'));
}

function changeOf({ stage }: StageContext, { environments }: KeyPlace, value: string) {
  const [current, previous] = keyValues(value);
  return {
    stage,
    environments,
    current: fingerprint(current),
    previous: previous === undefined ? null : fingerprint(previous),
  };
}
