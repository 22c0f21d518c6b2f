import type { RegionType } from '../../../stacks/context.ts';
import type { SwitchRecord, SwitchStep } from '../journal/switch-journal.ts';
import type { SwitchPorts, TargetPart } from './switch-ports.ts';

/** A step as it is planned. */
export type PlannedStep =
  | { readonly action: 'move'; readonly subject: TargetPart; readonly environment: string }
  | { readonly action: 'verify'; readonly subject: RegionType | 'public name'; readonly environment: string };

/** The standby first and verified, then the other region, then what decides between them. */
export function forwardSteps(standby: RegionType, environment: string): readonly PlannedStep[] {
  const active = standby === 'primary' ? 'secondary' : 'primary';
  return [
    ...entrySteps(standby, environment),
    ...entrySteps(active, environment),
    { action: 'move', subject: 'routing', environment },
    { action: 'verify', subject: 'public name', environment },
  ];
}

/** Puts back every part that was begun to be moved, the last one first. Whether it was moved in the end doesn't matter. */
export function backwardSteps({ from, steps }: Pick<SwitchRecord, 'from' | 'steps'>): readonly PlannedStep[] {
  const moved = [...new Set(steps.filter(({ action }) => action === 'move').map(({ subject }) => subject))];
  const back = moved.reverse().flatMap((part): readonly PlannedStep[] => {
    if (part === 'entry-primary') return entrySteps('primary', from);
    if (part === 'entry-secondary') return entrySteps('secondary', from);
    return part === 'routing' ? [{ action: 'move', subject: part, environment: from }] : [];
  });
  return back.length === 0 ? [] : [...back, { action: 'verify', subject: 'public name', environment: from }];
}

function entrySteps(region: RegionType, environment: string): readonly PlannedStep[] {
  return [
    { action: 'move', subject: `entry-${region}`, environment },
    { action: 'verify', subject: region, environment },
  ];
}

/** Takes a step. @param signal - ends the waiting of a verification */
export async function takeStep(ports: SwitchPorts, step: PlannedStep, signal?: AbortSignal): Promise<void> {
  if (step.action === 'move') await ports.move(step.subject, step.environment);
  else if (step.subject === 'public name') await ports.verifyPublicName(step.environment, signal);
  else await ports.verifyRegion(step.subject, step.environment, signal);
}

/** `move entry-primary to envB` */
export function describeStep({
  action,
  subject,
  environment,
}: Pick<SwitchStep, 'action' | 'subject' | 'environment'>): string {
  if (action === 'move') return `move ${subject} to ${environment}`;
  return subject === 'public name'
    ? `the public name is answered by ${environment}`
    : `the ${subject} region is answered by ${environment}`;
}
