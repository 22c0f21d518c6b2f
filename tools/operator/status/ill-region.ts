import { describeSickAlarm } from '#operator/alarms/sick-alarm.ts';
import type { AskWatch } from '#operator/alarms/watch-alarm.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import type { RegionType } from '#stacks/context.ts';

/**
 * Says where a region has found the other one, which is active, ill, as its alarm does. An alarm that can't be asked says nothing.
 *
 * @param flags - what commands need besides the stage's name
 * @param without - region that is lost: nothing is asked of it. @default - none
 */
export async function illRegions(
  { stage, flags }: { readonly stage: string; readonly flags: string },
  watch: AskWatch | undefined,
  without: RegionType | undefined,
): Promise<readonly string[]> {
  const asked = regionsLeft(without).map((watching) => watch?.(watching).catch(() => undefined));
  return (await Promise.all(asked)).flatMap((alarm) => {
    if (alarm === undefined) return [];
    const command = `two-region route-away ${stage} ${alarm.ill}${flags}`;
    return [
      `The ${alarm.ill} region is found to be ill: ${describeSickAlarm(alarm).replace(/\.?$/, '.')} Move traffic: ${command}`,
    ];
  });
}
