import type { SwitchRecord, SwitchStep } from '#operator/journal/switch-journal.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import type { TargetPart } from './switch-ports.ts';

/** A step as it is planned. A watch is none: no command has the lock meanwhile. */
export type PlannedStep =
  | { readonly action: 'move'; readonly subject: TargetPart; readonly environment: string }
  | { readonly action: 'verify'; readonly subject: RegionType | 'public name'; readonly environment: string }
  /** The old environment's aliases of a region run this environment's versions for a share; or, `unweigh`, for all of their invocations. */
  | { readonly action: 'unweigh' | 'weigh'; readonly subject: RegionType; readonly environment: string };

/** The region that does not go first, then the public names, wherever they lead. */
export function otherSteps(first: RegionType, environment: string): readonly PlannedStep[] {
  return [...entrySteps(otherRegion(first), environment), { action: 'verify', subject: 'public name', environment }];
}

/** Gives both regions' aliases their weights. */
export function weighSteps(first: RegionType, environment: string): readonly PlannedStep[] {
  return [first, otherRegion(first)].map((subject) => ({ action: 'weigh', subject, environment }));
}

/** Takes the weights of every region that was begun to be weighed, unless that is done. */
export function unweighSteps({ from, steps }: Pick<SwitchRecord, 'from' | 'steps'>): readonly PlannedStep[] {
  return REGION_TYPES.flatMap((subject): readonly PlannedStep[] => {
    const last = steps.findLast((step) => isWeighing(step) && step.subject === subject);
    if (last === undefined || (last.action === 'unweigh' && last.outcome === 'done')) return [];
    return [{ action: 'unweigh', subject, environment: from }];
  });
}

function isWeighing({ action }: Pick<SwitchStep, 'action'>): boolean {
  return action === 'weigh' || action === 'unweigh';
}

/** Puts back every part that was begun to be moved, the last one first. Whether it was moved in the end doesn't matter. */
export function backwardSteps(record: Pick<SwitchRecord, 'from' | 'steps'>): readonly PlannedStep[] {
  const { from, steps } = record;
  const moved = [...new Set(steps.filter(({ action }) => action === 'move').map(({ subject }) => subject))];
  const back = moved.reverse().flatMap((part): readonly PlannedStep[] => {
    if (part === 'entry-primary') return entrySteps('primary', from);
    return part === 'entry-secondary' ? entrySteps('secondary', from) : [];
  });
  const weights = unweighSteps(record);
  if (back.length === 0) return weights;
  return [...weights, ...back, { action: 'verify', subject: 'public name', environment: from }];
}

/** Steps of one region alone. What the public names lead to by then is not looked at: it may still be the region that is lost. */
export function stepsWithout(lost: RegionType | undefined, steps: readonly PlannedStep[]): readonly PlannedStep[] {
  if (lost === undefined) return steps;
  return steps.filter(({ subject }) => subject !== 'public name' && subject !== lost && subject !== `entry-${lost}`);
}

/** Moves the entry of a region, and sees that it is moved. */
export function entrySteps(region: RegionType, environment: string): readonly PlannedStep[] {
  return [
    { action: 'move', subject: `entry-${region}`, environment },
    { action: 'verify', subject: region, environment },
  ];
}

/** `move entry-primary to envB` */
export function describeStep({
  action,
  subject,
  environment,
}: Pick<SwitchStep, 'action' | 'subject' | 'environment'>): string {
  if (action === 'move') return `move ${subject} to ${environment}`;
  if (action === 'weigh') return `send a share of the ${subject} region to the versions of ${environment}`;
  if (action === 'unweigh') return `send all of the ${subject} region to the versions of ${environment}`;
  if (action === 'bake') return `bake the versions of ${environment} in ${subject}`;
  if (action === 'watch') return `watch ${environment} in the ${subject} region`;
  return subject === 'public name'
    ? `verify that ${environment} answers at the public name`
    : `verify that ${environment} answers in the ${subject} region`;
}
