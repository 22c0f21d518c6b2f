import { PREVIEW } from '#functions/environment.ts';

/** Stacks that exist once per stage. */
const globalStacks: readonly string[] = ['data', 'certificates', 'callers', 'routing', 'observability'];

/** Stacks that exist once per region, with the suffix `-primary` or `-secondary`. */
const regionalStacks: readonly string[] = ['base', 'api', 'entry'];

/** CloudFront, once per stage, where settings have it. */
const EDGE_STACK = 'edge';

/** Words that stacks use or will use; an environment of that name would give two stacks one id. */
const takenWords: readonly string[] = [
  ...globalStacks,
  ...regionalStacks,
  EDGE_STACK,
  'container',
  'pipeline',
  PREVIEW,
];

/** Whether an API environment may not be named so, because a stack or the preview environment is. Case doesn't count. */
export function isReservedEnvironment(name: string): boolean {
  return takenWords.includes(name.toLowerCase());
}

/**
 * Every stack of a stage, without the stage: `data`, `base-primary` … `envA-secondary`.
 *
 * @param hasEdge - whether settings have one. @default false
 */
export function stackNames(apiEnvironments: readonly string[], hasEdge = false): readonly string[] {
  const regional = [...regionalStacks, ...apiEnvironments, PREVIEW];
  return [
    ...globalStacks,
    ...(hasEdge ? [EDGE_STACK] : []),
    ...regional.flatMap((name) => [`${name}-primary`, `${name}-secondary`]),
  ];
}
