import type { ControlClient } from '#local/control/client.ts';
import { summarize } from '#local/control/summary.ts';
import { targetIn, tokenFor } from '#operator/call/local-target.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { liveRegion, localLiveSources } from '#operator/live/local-sources.ts';
import { regionsLeft, withoutFlag } from '#operator/regions/left-region.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { owePromotion, type PromotedVersions, type PromotePorts } from './promote-stage.ts';
import type { PublishVersion } from './publish-versions.ts';
import { smokeCallOf } from './smoke.ts';

type Control = Pick<ControlClient, 'document' | 'point' | 'publish' | 'regions' | 'replaceDocument' | 'token'>;

/** The running local runtime as the place of a promotion: the same steps and checks as on AWS. */
export function localPromotion(
  context: StageContext,
  control: Control,
  options: {
    readonly smoke: boolean;
    readonly without?: RegionType | undefined;
    readonly onPhase?: (phase: string) => void;
  },
): PromotePorts {
  const publisher =
    (region: RegionType): PublishVersion =>
    async (name, codeSha256) => {
      await liveRegion(control, region);
      return { version: await control.publish({ region, functionName: name, codeSha256 }), codeSha256 };
    };
  const { without } = options;
  const records = localSwitchRecords(control);
  const physical = (versions: PromotedVersions[RegionType]) =>
    versions &&
    Object.fromEntries(Object.entries(versions).map(([name, version]) => [functionName(context, name), version]));
  return {
    live: localLiveSources(control),
    journal: records.journal,
    ...(without && { without, owe: (decision) => owePromotion(records.catchUp, without, decision) }),
    publish: { primary: publisher('primary'), secondary: publisher('secondary') },
    apply: async ({ environment }, { primary, secondary }) => {
      const startedAt = performance.now();
      await control.point({ environment, versions: { primary: physical(primary), secondary: physical(secondary) } });
      const seconds = (performance.now() - startedAt) / 1000;
      return regionsLeft(without).map((type) => ({
        stack: `${environment}-${type}`,
        outcome: 'applied' as const,
        seconds,
      }));
    },
    ...(options.smoke && {
      smoke: smokeCallOf(context.stage, async (operation, { env, region }) => {
        const summary = summarize(await control.regions());
        return targetIn(summary, operation, { env, region, token: tokenFor(operation, control) });
      }),
    }),
    ...(options.onPhase && { onPhase: options.onPhase }),
    flags: ` --local${withoutFlag(without)}`,
  };
}
