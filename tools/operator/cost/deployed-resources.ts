import * as z from 'zod/mini';
import type { StateStore } from '#operator/state/state-store.ts';
import type { StageContext } from '#stacks/context.ts';
import { type CostedResource, hasTraffic, type StageEnvironments } from './costed-resources.ts';

const stateSchema = z.object({
  resources: z.array(
    z.object({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z._default(z.array(z.object({ attributes: z.record(z.string(), z.unknown()) })), []),
    }),
  ),
});

/**
 * Reads what is deployed out of a stage's states. Of the attributes, which hold secrets, only what a price depends on is ever told.
 *
 * Source: Terraform, `internal/states/statefile/version4.go`.
 *
 * @param declared - what the stage would be deployed with: its paths name what both have, a state only has Terraform's names
 * @returns undefined where the stage has no states
 */
export async function readDeployedResources(
  { stage }: StageContext,
  store: StateStore,
  declared: readonly CostedResource[],
  environments: StageEnvironments,
): Promise<readonly CostedResource[] | undefined> {
  const keys = await store.keys();
  if (keys === undefined || keys.length === 0) return undefined;
  const paths = new Map(declared.map(({ type, name, path }) => [`${path.split('/')[0]} ${type} ${name}`, path]));
  const perState = keys.map(async (key): Promise<readonly CostedResource[]> => {
    const id = key.slice(key.lastIndexOf('/') + 1).replace(/\.tfstate$/, '');
    const [, kind = '', regionType = 'primary'] =
      /^(.+?)(?:-(primary|secondary))?$/.exec(id.slice(`${stage}-`.length)) ?? [];
    const { resources } = stateSchema.parse(JSON.parse(new TextDecoder().decode((await store.read(key)).body)));
    return resources
      .filter(({ mode }) => mode === 'managed')
      .flatMap(({ type, name, instances }) => {
        const path = paths.get(`${id} ${type} ${name}`) ?? `${id}/${name.replaceAll('_', '/')}`;
        return instances.map(({ attributes }) => ({
          type,
          name,
          path,
          kind,
          regionType: regionType === 'secondary' ? ('secondary' as const) : ('primary' as const),
          hasTraffic: hasTraffic(kind, path, environments),
          config: attributes,
        }));
      });
  });
  return (await Promise.all(perState)).flat();
}
