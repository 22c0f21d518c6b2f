import { errorReason } from '#functions/error-reason.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { ContainerRegion, Deployment, Phase } from './container-region.ts';
import { type Begun, giveBack } from './give-back.ts';
import { earlierOf, requireOthersBack } from './go-back.ts';

/** What surrounds a release of the container API. */
export interface ReleasePorts {
  /** In the order in which traffic moves: the one that stands by first. */
  readonly regions: readonly ContainerRegion[];
  /** For messages. */
  readonly stage: string;
  /** Asks before live traffic moves. @throws where it may not */
  readonly confirm: (what: string) => Promise<void>;
  readonly onPhase: (text: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What became of one region. */
interface RegionResult {
  readonly region: string;
  readonly deployment: string;
  readonly phase: Phase;
  readonly image: string;
}

export interface ContainerReport {
  readonly stage: string;
  readonly action: 'deploy' | 'rollback' | 'switch';
  /** `unchanged`: there was nothing to do. `reverted`: what had moved was given back. */
  readonly outcome: 'done' | 'reverted' | 'unchanged';
  readonly regions: readonly RegionResult[];
  /** Why it was reverted. */
  readonly problem?: string;
}

const PAUSE_MILLISECONDS = 5000;

/**
 * Starts tasks of the newest image beside those that serve, in both regions; traffic stays. What an earlier command began goes on.
 *
 * @throws RefusedError where a region is not deployed, lacks the image, or deploys something else already
 */
export async function deployContainer(ports: ReleasePorts): Promise<ContainerReport> {
  const plans = await inEach(ports, async (region) => {
    const [newest, service, current] = await Promise.all([region.newest(), region.service(), region.current()]);
    if (newest === undefined || service === undefined) {
      throw new RefusedError(`${region.region} has no container API: two-region deploy ${ports.stage} makes it.`);
    }
    if (!(await region.hasImage(newest.digest))) {
      throw new RefusedError(
        `The repository of ${region.region} has no image ${newest.digest}: push it to both regions, ` +
          `or put the digest of one that is there (two-region params put ${ports.stage}) and deploy the stack container.`,
      );
    }
    if (current !== undefined && current.taskDefinition !== newest.arn) throw underWay(ports, region, current);
    return { newest, serving: service.taskDefinition, current };
  });
  requireOne(plans.map(({ value }) => value.newest.digest));
  const wanted = plans.filter(({ value: { newest, serving, current } }) =>
    current === undefined ? serving !== newest.arn : current.phase !== 'moved',
  );
  if (wanted.length === 0) return report(ports, 'deploy', 'unchanged', []);
  const begun = await Promise.all(
    wanted.map(async ({ region, value }) => {
      const id = value.current?.id ?? (await region.create(value.newest.arn));
      return { region, id };
    }),
  );
  const ready = await Promise.all(begun.map(({ region, id }) => until(ports, region, id, HAS_TASKS)));
  return report(ports, 'deploy', 'done', await results(begun, ready));
}

/**
 * Moves the traffic to the tasks that a deploy has started: in both regions or in none.
 *
 * @throws RefusedError where a region has nothing that is ready, or the regions would serve different images
 */
export async function switchContainer(ports: ReleasePorts): Promise<ContainerReport> {
  const plans = await inEach(ports, async (region) => {
    const current = await region.current();
    if (current === undefined || current.phase === 'starting') {
      const found = current ? `the tasks of ${current.id} still start` : 'no deployment is under way';
      throw new RefusedError(`In ${region.region} ${found}: two-region deploy ${ports.stage} --container comes first.`);
    }
    return { current, definition: await region.definition(current.taskDefinition) };
  });
  requireOne(plans.map(({ value }) => value.definition.digest));
  const digest = plans[0]?.value.definition.digest ?? '';
  await ports.confirm(`Live traffic of the container API of ${ports.stage} moves to ${digest}.`);
  return move(
    ports,
    'switch',
    plans.map(({ region, value }) => ({ region, id: value.current.id })),
  );
}

/**
 * Gives the traffic back to what had it before: at once while those tasks still run, else by a deployment of what they ran.
 *
 * @throws RefusedError where nothing was deployed before, or it is not clear which region is to go back
 */
export async function rollbackContainer(ports: ReleasePorts): Promise<ContainerReport> {
  const plans = await inEach(ports, async (region) => {
    const [current, service] = await Promise.all([region.current(), region.service()]);
    return { current, serving: service?.taskDefinition };
  });
  const what = `Live traffic of the container API of ${ports.stage} goes back to what had it before.`;
  const stopping = plans.flatMap(({ region, value }) => (value.current ? [{ region, current: value.current }] : []));
  if (stopping.length > 0) {
    await requireOthersBack(ports.stage, stopping, plans);
    await ports.confirm(what);
    const ended = await Promise.all(
      stopping.map(async ({ region, current: { id } }) => {
        await region.stop(id);
        return { region, id };
      }),
    );
    const over = await Promise.all(ended.map(({ region, id }) => until(ports, region, id, IS_OVER)));
    return report(ports, 'rollback', 'done', await results(ended, over));
  }
  const earlier = await earlierOf(ports.stage, plans);
  await ports.confirm(what);
  const begun = await Promise.all(
    earlier.map(async ({ region, taskDefinition }) => ({ region, id: await region.create(taskDefinition) })),
  );
  await Promise.all(begun.map(({ region, id }) => until(ports, region, id, HAS_TASKS)));
  return move(ports, 'rollback', begun);
}

/**
 * One region after the other; whatever fails, those that were told to go on are stopped, by which the traffic returns.
 *
 * @throws Error where it does not return everywhere
 */
async function move(
  ports: ReleasePorts,
  action: ContainerReport['action'],
  begun: readonly Begun[],
): Promise<ContainerReport> {
  const told: Begun[] = [];
  try {
    const moved: Deployment[] = [];
    for (const { region, id } of begun) {
      if (ports.signal.aborted) throw new Error('Interrupted.');
      const { phase } = await region.deployment(id);
      told.push({ region, id });
      if (phase === 'ready') await region.goOn(id);
      moved.push(await until(ports, region, id, HAS_TRAFFIC));
    }
    return report(ports, action, 'done', await results(begun, moved));
  } catch (error) {
    const stopped = await giveBack(ports, told, error);
    // Why it was reverted is told whether or not a region says now which image it serves.
    const found = await results(told, stopped).catch(() => []);
    const reverted = report(ports, action, 'reverted', found);
    return { ...reverted, problem: errorReason(error) };
  }
}

const HAS_TASKS: readonly Phase[] = ['ready', 'moving', 'moved', 'done'];
const HAS_TRAFFIC: readonly Phase[] = ['moved', 'done'];
const IS_OVER: readonly Phase[] = ['failed', 'done'];

/** Waits until a deployment is in one of the phases. @throws Error where it fails before, or by Ctrl-C */
async function until(
  { onPhase, signal, sleep }: ReleasePorts,
  region: ContainerRegion,
  id: string,
  phases: readonly Phase[],
): Promise<Deployment> {
  for (;;) {
    const deployment = await region.deployment(id);
    if (phases.includes(deployment.phase)) return deployment;
    if (deployment.phase === 'failed') {
      throw new Error(`${id} in ${region.region} failed: ${deployment.problem ?? 'CodeDeploy does not say why'}.`);
    }
    if (signal.aborted) throw new Error(`Interrupted while ${id} in ${region.region} was ${deployment.phase}.`);
    onPhase(`${region.region}: ${id} ${deployment.phase}`);
    await sleep(PAUSE_MILLISECONDS);
  }
}

/** Asks both regions before anything is changed in one. */
async function inEach<T>({ regions }: ReleasePorts, ask: (region: ContainerRegion) => Promise<T>) {
  return Promise.all(regions.map(async (region) => ({ region, value: await ask(region) })));
}

function requireOne(digests: readonly string[]): void {
  const [one, ...others] = [...new Set(digests)];
  if (others.length === 0) return;
  throw new RefusedError(
    `The regions would serve different images, ${one} and ${others.join(', ')}: deploy the stack container in both.`,
  );
}

function underWay({ stage }: ReleasePorts, { region }: ContainerRegion, { id, phase }: Deployment): RefusedError {
  if (phase === 'moved') {
    return new RefusedError(
      `In ${region} the tasks before those of ${id} still run, so that a rollback is at once, and CodeDeploy deploys nothing else meanwhile: ` +
        'they end after CONTAINER_KEEP_MINUTES of settings.conf.',
    );
  }
  return new RefusedError(
    `In ${region} ${id} is ${phase}, and deploys something else: two-region switch ${stage} --container goes on with it, ` +
      `two-region rollback ${stage} --container ends it.`,
  );
}

async function results(begun: readonly Begun[], found: readonly Deployment[]): Promise<readonly RegionResult[]> {
  return Promise.all(
    found.map(async ({ id, phase, taskDefinition }, at) => {
      const region = begun[at]?.region;
      const image = (await region?.definition(taskDefinition))?.digest ?? '';
      return { region: region?.region ?? '', deployment: id, phase, image };
    }),
  );
}

function report(
  { stage }: ReleasePorts,
  action: ContainerReport['action'],
  outcome: ContainerReport['outcome'],
  regions: readonly RegionResult[],
): ContainerReport {
  return { stage, action, outcome, regions };
}
