import { PREVIEW } from '#functions/environment.ts';

/** Stacks that exist once per stage. */
const globalStacks: readonly string[] = ['data', 'certificates', 'callers', 'routing', 'observability'];

/** Stacks that exist once per region, with the suffix `-primary` or `-secondary`. */
const regionalStacks: readonly string[] = ['base', 'api', 'entry'];

/** Words that stacks use or will use; an environment of that name would give two stacks one id. */
const takenWords: readonly string[] = [...globalStacks, ...regionalStacks, 'edge', 'container', 'pipeline', PREVIEW];

/** Whether an API environment may not be named so, because a stack or the preview environment is. Case doesn't count. */
export function isReservedEnvironment(name: string): boolean {
  return takenWords.includes(name.toLowerCase());
}

/** Every stack of a stage, without the stage: `data`, `base-primary` … `envA-secondary`. */
export function stackNames(apiEnvironments: readonly string[]): readonly string[] {
  const regional = [...regionalStacks, ...apiEnvironments, PREVIEW];
  return [...globalStacks, ...regional.flatMap((name) => [`${name}-primary`, `${name}-secondary`])];
}
