import type { RegionType, StageContext } from '#stacks/context.ts';
import { type ContainerRegion, containerRegion, type Deployment } from './container-region.ts';

/** What runs of the container API in one region. */
export interface ContainerStatus {
  /** Digest of what has the traffic. @default - nothing is deployed */
  readonly image?: string;
  readonly running: number;
  readonly desired: number;
  /** The one that is not over. @default - none is under way */
  readonly deployment?: Pick<Deployment, 'id' | 'phase'> & { readonly image: string };
}

/** Asks ECS and CodeDeploy. */
export type AskContainer = () => Promise<ContainerStatus>;

/** @returns undefined where settings have no container API */
export function awsContainers(context: StageContext): Readonly<Record<RegionType, AskContainer>> | undefined {
  if (!context.settings.container.isActive) return undefined;
  const ask = (regionType: RegionType) => () => readContainer(containerRegion(context, regionType));
  return { primary: ask('primary'), secondary: ask('secondary') };
}

/** What one region says. */
export async function readContainer(region: ContainerRegion): Promise<ContainerStatus> {
  const service = await region.service();
  if (service === undefined) return { running: 0, desired: 0 };
  const [{ digest: image }, current] = await Promise.all([region.definition(service.taskDefinition), region.current()]);
  const { running, desired } = service;
  if (current === undefined) return { image, running, desired };
  const { digest } = await region.definition(current.taskDefinition);
  return { image, running, desired, deployment: { id: current.id, phase: current.phase, image: digest } };
}

interface Place {
  readonly region: string;
  readonly container?: ContainerStatus | undefined;
}

/** What is not as it should be, in sentences. */
export function containerProblems({ stage }: Pick<StageContext, 'stage'>, places: readonly Place[]): readonly string[] {
  const known = places.flatMap(({ region, container }) => (container === undefined ? [] : [{ region, ...container }]));
  const missing = known.filter(({ image }) => image === undefined);
  const images = [...new Set(known.flatMap(({ image }) => image ?? []))];
  return [
    ...missing.map(
      ({ region }) =>
        `${region} has no container API, as settings.conf says. Deploy it: two-region deploy ${stage} --stack container`,
    ),
    ...known
      .filter(({ image, running, desired }) => image !== undefined && running < desired)
      .map(
        ({ region, running, desired }) =>
          `Of the container API ${running} of ${desired} tasks run in ${region}. What they log: log group /aws/ecs/.`,
      ),
    ...(images.length > 1
      ? [
          `The regions serve different images of the container API: ${known.map(({ region, image }) => `${image} in ${region}`).join(', ')}. ` +
            `The newest in both: two-region deploy ${stage} --container, then two-region switch ${stage} --container`,
        ]
      : []),
  ];
}

/** A line of a region's status. */
export function containerLine({ container }: Place): readonly string[] {
  if (container === undefined) return [];
  const { image, running, desired, deployment } = container;
  if (image === undefined) return ['  container API not deployed'];
  const next =
    deployment === undefined ? '' : `; ${deployment.id} of ${short(deployment.image)} is ${deployment.phase}`;
  return [`  container API ${short(image)}, ${running} of ${desired} tasks run${next}`];
}

/** As much of a digest as tells images apart. */
function short(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
