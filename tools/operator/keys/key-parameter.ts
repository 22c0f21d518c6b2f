import { createHash, randomInt } from 'node:crypto';
import { KeysError } from '#operator/cli/errors.ts';
import { mirror, type Written } from '#operator/parameters/mirror.ts';
import { putParameters } from '#operator/parameters/put.ts';
import type { ParameterStores } from '#operator/parameters/ssm-store.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import type { KeyPlace } from './key-stacks.ts';

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const LENGTH = 40;

/** Sets a place's parameter in both regions, or in the one that is left. @param without - region that is lost. @default - none @throws KeysError when the secondary region did not take it; ParametersError for a wrong value */
export async function writeKey(
  context: StageContext,
  place: KeyPlace,
  stores: ParameterStores,
  value: string,
  without?: RegionType,
): Promise<void> {
  const current = await stores[keptIn(without)].readAll();
  const [written] = await putParameters(context, stores, current, new Map([[place.parameter, value]]), without);
  requireMirrored(context, place, written?.secondary);
}

/** The region whose parameter says what keys there are to be. */
export function keptIn(without: RegionType | undefined): RegionType {
  return without === undefined ? 'primary' : otherRegion(without);
}

/** Gives the secondary region what the primary region's parameter holds. @throws KeysError when it did not take it */
export async function mirrorKey(
  context: StageContext,
  place: KeyPlace,
  { secondary }: ParameterStores,
  value: string,
): Promise<void> {
  const results = await mirror(secondary, new Map([[place.parameter, value]]));
  requireMirrored(context, place, results.get(place.parameter));
}

function requireMirrored({ stage, settings }: StageContext, place: KeyPlace, written: Written | undefined): void {
  if (written?.outcome !== 'failed') return;
  throw new KeysError(
    `${place.parameter} was not mirrored to ${settings.secondaryRegion}, and nothing was applied: ${written.reason}\n` +
      `When the region answers again: two-region keys sync ${stage}${place.flags}`,
  );
}

/** A new API key: 40 letters and digits, 238 bits of chance. */
export function generateKey(): string {
  return Array.from({ length: LENGTH }, () => CHARACTERS.charAt(randomInt(CHARACTERS.length))).join('');
}

/** First eight digits of a key's SHA-256, by which the stacks name it, too. It tells keys apart and opens nothing. */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 8);
}
