import { StateStorageError } from '#operator/cli/errors.ts';
import type { StageContext } from '#stacks/context.ts';
import type { StateLocation } from '#stacks/terraform/state-location.ts';
import { askRegion, type RegionAnswer, type RegionStates, readRegionStates, stackOf } from './region-states.ts';
import { standing } from './state-document.ts';
import type { StateStores } from './state-store.ts';

interface RecoveredState {
  readonly stack: string;
  readonly key: string;
  readonly serial: number;
  /** When the state was written. ISO 8601. */
  readonly modified: string;
}

export interface RecoverReport {
  readonly stage: string;
  /** Where the state is to be read and written from now on. */
  readonly live: StateLocation;
  /** Why the primary region's state was not compared; `undefined` when it was, and is the same. */
  readonly primary?: string;
  readonly states: readonly RecoveredState[];
}

interface RecoverPorts {
  readonly stores: StateStores;
  /** Makes the secondary region's lock table unless it is there. */
  readonly claimLockTable: () => Promise<void>;
  readonly onStep: (message: string) => void;
}

/**
 * Makes the second region's copy of a stage's state one that Terraform takes: its digests go into the second region's lock table. Every
 * state is checked before anything is written; running it again changes nothing.
 *
 * @throws StateStorageError with everything that forbids it: copies that are missing, incomplete, locked, or behind a primary that answers
 */
export async function recoverState({ stage }: StageContext, ports: RecoverPorts): Promise<RecoverReport> {
  const { stores, claimLockTable, onStep } = ports;
  const { region, bucket } = stores.secondary.location;
  onStep(`Reading the copies in ${region} …`);
  const copies = await readRegionStates(stores.secondary);
  if (!copies.hasBucket) {
    throw new StateStorageError(
      `There is no bucket ${bucket} in ${region}: the state of ${stage} was never copied there.`,
    );
  }
  onStep(`Asking whether ${stores.primary.location.region} answers …`);
  const primary = await askRegion(stores.primary);
  const problems = [...checkStates(copies), ...behind(copies, primary)];
  if (problems.length > 0) {
    throw new StateStorageError(
      `The copy of ${stage}'s state in ${region} can't be used as it is:\n${problems.join('\n')}`,
    );
  }
  onStep(`Writing ${copies.states.size} digests into ${stores.secondary.location.lockTable} (${region}) …`);
  await claimLockTable();
  for (const { key, document } of copies.states.values()) {
    if (document !== undefined) await stores.secondary.writeDigest(key, document.md5);
  }
  await requireDigests(stores);
  const reason = notCompared(primary);
  return {
    stage,
    live: stores.secondary.location,
    ...(reason !== undefined && { primary: reason }),
    states: [...copies.states.values()].flatMap(({ stack, key, document, modified }) =>
      document === undefined ? [] : [{ stack, key, serial: document.serial, modified: modified.toISOString() }],
    ),
  };
}

/** What a primary region that answers has and the copies lack. */
function behind({ states: copies }: RegionStates, primary: RegionAnswer): string[] {
  if (!('states' in primary)) return [];
  const lacking = [...primary.states.values()].filter(({ key, document }) => {
    const copy = copies.get(key)?.document;
    if (document === undefined) return false;
    return copy === undefined || ['forked', 'older'].includes(standing(copy, document));
  });
  if (lacking.length === 0) return [];
  const stacks = lacking.map(({ stack }) => stack).join(', ');
  return [`${primary.location.region} answers and has other states of: ${stacks}. Wait until S3 has copied them.`];
}

function notCompared(primary: RegionAnswer): string | undefined {
  if ('problem' in primary) return `${primary.location.region} did not answer: ${primary.problem}`;
  const { bucket, region } = primary.location;
  if (!primary.hasBucket) return `${bucket} does not exist in ${region}`;
  return primary.states.size === 0 ? `${bucket} in ${region} is empty` : undefined;
}

async function requireDigests({ secondary }: StateStores): Promise<void> {
  const written = await readRegionStates(secondary);
  const wrong = [...written.states.values()].filter(({ document, digest }) => digest !== document?.md5);
  if (wrong.length === 0) return;
  const stacks = wrong.map(({ stack }) => stack).join(', ');
  throw new StateStorageError(`Changed while their digests were written: ${stacks}. Run it again.`);
}

/**
 * Whether a region's states can be worked with as they are: each is a state, each that another reads from is there, none is locked.
 *
 * @returns what forbids it, all at once
 */
export function checkStates({ location, states }: RegionStates): readonly string[] {
  const { bucket, region } = location;
  if (states.size === 0) return [`The bucket ${bucket} (${region}) holds no state of the stage.`];
  return [...states.values()].flatMap(({ stack, key, document, lock }) => {
    if (document === undefined) {
      return [`${stack}: s3://${bucket}/${key} is not a Terraform state. Restore an earlier version of the object.`];
    }
    const missing = document.reads.filter((read) => !states.has(read));
    return [
      ...missing.map((read) => `${stack}: it reads from ${stackOf(read)}, whose state is not in ${bucket}.`),
      ...(lock === undefined
        ? []
        : [
            `${stack}: locked by ${lock.who} (${lock.operation}) since ${lock.since}. Wait, or, when nobody runs Terraform: ` +
              `terraform force-unlock ${lock.id}, in the folder of the stack.`,
          ]),
    ];
  });
}
