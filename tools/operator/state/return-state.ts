import { StateStorageError } from '#operator/cli/errors.ts';
import { type Journals, returnJournal } from '#operator/journal/return-journal.ts';
import { type CatchUpStore, removeCatchUp } from '#operator/regions/catch-up.ts';
import type { StageContext } from '#stacks/context.ts';
import type { StateLocation } from '#stacks/terraform/state-location.ts';
import { checkStates } from './recover-state.ts';
import { type RegionStates, readRegionStates, type StateRecord } from './region-states.ts';
import { standing } from './state-document.ts';
import type { StateStores } from './state-store.ts';

export interface ReturnedState {
  readonly stack: string;
  readonly serial: number;
  /** `copied`: it was newer in the secondary region, or missing in the primary. `same`: there was nothing to do. */
  readonly outcome: 'copied' | 'same';
}

export interface ReturnReport {
  readonly stage: string;
  /** Where the state is to be read and written from now on. */
  readonly live: StateLocation;
  readonly states: readonly ReturnedState[];
}

export interface ReturnPorts {
  readonly stores: StateStores;
  readonly journals: Journals;
  /** Where it is written down that the primary region's states are older. */
  readonly catchUp: CatchUpStore;
  /** Makes what keeps the state in both regions, as bootstrap does. */
  readonly bootstrap: () => Promise<void>;
  readonly onStep: (message: string) => void;
}

/**
 * Takes a stage's state back to the primary region: what is newer in the secondary is copied, digests and the journal of switches included. Every state is checked
 * before anything is written, and nothing is overwritten but what the secondary's state came from; running it again changes nothing.
 *
 * @throws StateStorageError with everything that forbids it: states that are locked, or newer in the primary, or written in both regions
 */
export async function returnState({ stage }: StageContext, ports: ReturnPorts): Promise<ReturnReport> {
  const { stores, journals, catchUp, bootstrap, onStep } = ports;
  const { primary, secondary } = stores;
  onStep(`Comparing the states in ${secondary.location.region} and ${primary.location.region} …`);
  const [from, to] = await Promise.all([readRegionStates(secondary), readRegionStates(primary)]);
  const problems = [
    ...checkStates(from),
    ...wrongDigests(from),
    ...[...to.states.values()].flatMap((record) => conflict(record, from, to)),
  ];
  if (problems.length > 0) {
    throw new StateStorageError(
      `The state of ${stage} can't go back to ${primary.location.region}:\n${problems.join('\n')}`,
    );
  }
  await bootstrap();
  const states: ReturnedState[] = [];
  for (const { key, stack, document } of from.states.values()) {
    if (document === undefined) continue;
    const isSame = to.states.get(key)?.document?.md5 === document.md5;
    if (!isSame) {
      onStep(`Copying ${stack}, serial ${document.serial} …`);
      const { body } = await secondary.read(key);
      await primary.write(key, body);
    }
    await primary.writeDigest(key, document.md5);
    states.push({ stack, serial: document.serial, outcome: isSame ? 'same' : 'copied' });
  }
  await requireSame(stores);
  await returnJournal(journals);
  await removeCatchUp(catchUp, 'primary', ({ kind }) => kind === 'state');
  return { stage, live: primary.location, states };
}

function wrongDigests({ location, states }: RegionStates): string[] {
  return [...states.values()]
    .filter(({ digest, document }) => digest !== document?.md5)
    .map(
      ({ stack }) => `${stack}: its state is not what its digest in ${location.lockTable} (${location.region}) says.`,
    );
}

/** Why a state in the primary region may not be overwritten, or is worked on. */
function conflict(
  { key, stack, document, lock }: StateRecord,
  from: RegionStates,
  { location }: RegionStates,
): string[] {
  if (lock !== undefined)
    return [`${stack}: locked in ${location.region} by ${lock.who} (${lock.operation}) since ${lock.since}.`];
  // What isn't a state can't be lost.
  if (document === undefined) return [];
  const other = from.states.get(key)?.document;
  if (other === undefined) return [`${stack}: only ${location.region} has its state.`];
  const found = standing(document, other);
  if (found === 'same' || found === 'older') return [];
  const lineage = document.lineage === other.lineage ? 'the same lineage' : 'another lineage';
  return [
    `${stack}: serial ${document.serial} in ${location.region}, ${other.serial} in ${from.location.region}, ${lineage}: it was written ` +
      `${found === 'newer' ? 'later' : 'in both'}. Compare both (terraform state pull). Bring what the first has and the second lacks into ` +
      `the second (terraform import) until its serial is above ${document.serial}, or replace the wrong one (terraform state push -force). ` +
      'Delete neither object: S3 deletes the copy, too.',
  ];
}

async function requireSame({ primary, secondary }: StateStores): Promise<void> {
  const [now, then] = await Promise.all([readRegionStates(primary), readRegionStates(secondary)]);
  const changed = [...then.states.values()].filter(({ key, document }) => {
    const copy = now.states.get(key);
    return copy?.document?.md5 !== document?.md5 || copy?.digest !== document?.md5;
  });
  if (changed.length === 0) return;
  const stacks = changed.map(({ stack }) => stack).join(', ');
  throw new StateStorageError(`Changed while they were copied: ${stacks}. See that nobody deploys, and run it again.`);
}
