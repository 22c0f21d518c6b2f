import type { ControlClient } from '#local/control/client.ts';
import { liveRegion } from '#operator/live/local-sources.ts';
import { localStores } from '#operator/parameters/open-stores.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import type { AdmittedKeys } from './admitted-keys.ts';
import { fingerprint } from './key-parameter.ts';
import type { KeyStacks } from './key-stacks.ts';
import type { KeySources } from './stage-keys.ts';

type Control = Pick<ControlClient, 'admitKeys' | 'regions'>;

/** The keys of the running local runtime: its Parameter Store, and the usage plans that its gateways serve. */
export async function localKeySources(
  context: StageContext,
  control: Control,
  without?: RegionType,
): Promise<KeySources> {
  const admitted =
    (regionType: RegionType): AdmittedKeys =>
    async (wanted) => {
      const { usagePlans } = await liveRegion(control, regionType);
      const plan = usagePlans.find(({ name }) => name === wanted);
      return plan?.keys.map(({ value, enabled }) => {
        const key = fingerprint(value);
        return { name: key, fingerprint: key, enabled };
      });
    };
  return {
    stores: await localStores(context, control),
    admitted: { primary: admitted('primary'), secondary: admitted('secondary') },
    ...(without && { without }),
  };
}

/** The runtime evaluates its stacks again, with the parameters as they are now, and takes the keys of that: nothing is pending in it. */
export function localKeyStacks(control: Control): KeyStacks {
  return {
    requireSettled: async () => undefined,
    apply: async ({ stackKind }, regions) => {
      const startedAt = performance.now();
      await control.admitKeys(regions);
      const seconds = (performance.now() - startedAt) / 1000;
      return regions.map((type) => ({ stack: `${stackKind}-${type}`, outcome: 'applied' as const, seconds }));
    },
  };
}
