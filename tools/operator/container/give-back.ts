import { errorReason } from '#functions/error-reason.ts';
import type { ContainerRegion, Deployment } from './container-region.ts';

/** A deployment of a region that this command has told to go on. */
export interface Begun {
  readonly region: ContainerRegion;
  readonly id: string;
}

interface GivingBack {
  readonly stage: string;
  readonly onPhase: (text: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const PAUSE_MILLISECONDS = 5000;

/** Five minutes: CodeDeploy answers before the traffic is back. Source: AWS CodeDeploy API Reference, "StopDeployment", status. */
const MOST_LOOKS = 60;

/**
 * Stops what has been told to go on, in every region, whatever becomes of the others, and waits until it is over.
 *
 * @param reason - why
 * @returns the deployments, all of which have ended without traffic
 * @throws Error with the reason and the regions in which traffic is not back, after all have been tried: one did not answer, or its deployment was done
 */
export async function giveBack(
  ports: GivingBack,
  told: readonly Begun[],
  reason: unknown,
): Promise<readonly Deployment[]> {
  const stopped = await Promise.allSettled(told.map((begun) => stop(ports, begun)));
  const left = told.flatMap(({ region: { region }, id }, at) => {
    const result = stopped[at];
    if (result?.status === 'rejected') return [{ region, why: errorReason(result.reason) }];
    return result?.value.phase === 'failed' ? [] : [{ region, why: `${id} is ${result?.value.phase}` }];
  });
  if (left.length > 0) {
    const why = left.map((each) => `${each.region}: ${each.why}`).join('; ');
    throw new Error(
      `${errorReason(reason).replace(/\.?$/, '.')} Not given back in ${left.map(({ region }) => region).join(' and ')}: ` +
        `two-region rollback ${ports.stage} --container (${why})`,
      { cause: reason },
    );
  }
  return stopped.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Ctrl-C does not end the wait: it is what has begun it, perhaps. */
async function stop({ onPhase, sleep }: GivingBack, { region, id }: Begun): Promise<Deployment> {
  const found = await region.deployment(id);
  // What CodeDeploy has rolled back by itself is over; of what is done the tasks before have ended.
  if (isOver(found)) return found;
  await region.stop(id);
  for (let looks = 1; ; looks++) {
    const now = await region.deployment(id);
    if (isOver(now) || looks === MOST_LOOKS) return now;
    onPhase(`${region.region}: ${id} ${now.phase}, is given back`);
    await sleep(PAUSE_MILLISECONDS);
  }
}

function isOver({ phase }: Deployment): boolean {
  return phase === 'failed' || phase === 'done';
}
