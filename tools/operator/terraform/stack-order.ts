import type { SynthesizedStack } from './synthesized-stack.ts';

/** Stacks that are run at the same time: the regions of one kind, or one global stack. */
export type Step = readonly SynthesizedStack[];

/**
 * Puts stacks into the order of a deployment: what a stack reads comes before it, the two regions of a kind together.
 *
 * @param first - names or kinds that come before others, in this order, as far as dependencies let them. @default - the least dependent first
 */
export function inOrder(stacks: readonly SynthesizedStack[], first: readonly string[] = []): readonly Step[] {
  const kindOf = new Map(stacks.map(({ name, kind }) => [name, kind]));
  const kinds = [...new Set(kindOf.values())].sort();
  const membersOf = (kind: string) => stacks.filter((stack) => stack.kind === kind).sort(byName);
  const needs = new Map(
    kinds.map((kind) => {
      const needed = membersOf(kind).flatMap(({ dependencies }) =>
        dependencies.flatMap((name) => kindOf.get(name) ?? []),
      );
      return [kind, [...new Set(needed)].filter((other) => other !== kind).sort()] as const;
    }),
  );
  const depth = (kind: string): number =>
    (needs.get(kind) ?? []).reduce((deepest, needed) => Math.max(deepest, depth(needed) + 1), 0);

  const steps = new Map<string, Step>();
  const add = (kind: string) => {
    if (steps.has(kind) || !needs.has(kind)) return;
    needs.get(kind)?.forEach(add);
    steps.set(kind, membersOf(kind));
  };
  for (const name of first) add(kindOf.get(name) ?? name);
  for (const kind of kinds.sort((one, other) => depth(one) - depth(other))) add(kind);
  return [...steps.values()];
}

function byName(one: SynthesizedStack, other: SynthesizedStack): number {
  return one.name < other.name ? -1 : 1;
}
