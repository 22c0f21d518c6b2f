import { PREVIEW } from '#functions/environment.ts';
import type { Settings } from './settings.ts';

/** Stacks that exist once per stage. */
const globalStacks: readonly string[] = ['data', 'certificates', 'callers', 'routing', 'observability'];

/** Stacks that exist once per region, with the suffix `-primary` or `-secondary`. */
const regionalStacks: readonly string[] = ['base', 'api', 'entry'];

/** CloudFront, once per stage, where settings have it. */
const EDGE_STACK = 'edge';

/** The container API, once per region, where settings have it. */
const CONTAINER_STACK = 'container';

/** CodePipeline, once per stage, where settings have it. */
const PIPELINE_STACK = 'pipeline';

/** Words that stacks use or will use; an environment of that name would give two stacks one id. */
const takenWords: readonly string[] = [
  ...globalStacks,
  ...regionalStacks,
  EDGE_STACK,
  CONTAINER_STACK,
  PIPELINE_STACK,
  PREVIEW,
];

/** Whether an API environment may not be named so, because a stack or the preview environment is. Case doesn't count. */
export function isReservedEnvironment(name: string): boolean {
  return takenWords.includes(name.toLowerCase());
}

interface OptionalStacks {
  readonly edge?: boolean;
  readonly container?: boolean;
  readonly pipeline?: boolean;
}

/** What settings have of the stacks that not every stage has. */
export function optionalStacks({
  edge,
  container,
  pipeline,
}: Pick<Settings, 'container' | 'edge' | 'pipeline'>): OptionalStacks {
  return { edge: edge.state !== 'none', container: container.isActive, pipeline: pipeline.isActive };
}

/**
 * Every stack of a stage, without the stage: `data`, `base-primary` … `envA-secondary`.
 *
 * @param optional - what settings may have beside what every stage has. @default - none of it
 */
export function stackNames(apiEnvironments: readonly string[], optional: OptionalStacks = {}): readonly string[] {
  const regional = [...regionalStacks, ...(optional.container ? [CONTAINER_STACK] : []), ...apiEnvironments, PREVIEW];
  return [
    ...globalStacks,
    ...(optional.edge ? [EDGE_STACK] : []),
    ...(optional.pipeline ? [PIPELINE_STACK] : []),
    ...regional.flatMap((name) => [`${name}-primary`, `${name}-secondary`]),
  ];
}
