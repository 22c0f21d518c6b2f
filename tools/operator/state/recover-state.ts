import { errorReason } from '#functions/error-reason.ts';
import { columns } from '#operator/cli/columns.ts';
import { isAboutCredentials } from '#operator/cli/credentials-error.ts';
import { StateStorageError } from '#operator/cli/errors.ts';
import type { StageContext } from '#stacks/context.ts';
import type { StateLocation } from '#stacks/terraform/state-location.ts';
import { compareLive, describeDifference, type LiveComparison, type LiveParts } from './compare-live.ts';
import {
  askRegion,
  describeAge,
  type RegionAnswer,
  type RegionStates,
  readRegionStates,
  stackOf,
} from './region-states.ts';
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
  /** What is live in the secondary region beside what its copies know, or why that was not compared. */
  readonly parts: LiveComparison | { readonly problem: string };
  readonly states: readonly RecoveredState[];
}

export interface RecoverPorts {
  readonly stores: StateStores;
  /** Makes the secondary region's lock table unless it is there. */
  readonly claimLockTable: () => Promise<void>;
  /** Asks what is live in the secondary region. */
  readonly liveParts: () => Promise<LiveParts>;
  /** The copies are taken though they do not know all that is live. @default false */
  readonly accept?: boolean;
  readonly onStep: (message: string) => void;
}

/**
 * Makes the second region's copy of a stage's state one that Terraform takes: its digests go into the second region's lock table. Every
 * state is checked before anything is written; running it again changes nothing.
 *
 * @throws StateStorageError with everything that forbids it: copies that are missing, incomplete, locked, or behind a primary that answers; unless
 *   accepted, copies that do not know what is live
 */
export async function recoverState(context: StageContext, ports: RecoverPorts): Promise<RecoverReport> {
  const { stage } = context;
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
  onStep(`Comparing them with what is live in ${region} …`);
  const parts = await ports.liveParts().then((live) => compareLive(context, copies, live), notAnswered);
  if (!ports.accept) requireKnown(stage, copies, parts);
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
    parts,
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

/** @throws what is about credentials, which says nothing of the region */
function notAnswered(error: unknown): { readonly problem: string } {
  if (isAboutCredentials(error)) throw error;
  return { problem: errorReason(error) };
}

/** @throws StateStorageError where a plan from the copies could make again, or leave behind, what is live */
function requireKnown(stage: string, { location, states }: RegionStates, parts: RecoverReport['parts']): void {
  const accept = `To use the copy all the same: two-region state recover ${stage} --accept`;
  if ('problem' in parts) {
    throw new StateStorageError(
      `What is live in ${location.region} could not be compared with the copy of ${stage}'s state: ${parts.problem}\n${accept}`,
    );
  }
  const unknown = parts.differences.filter(({ isUnknown }) => isUnknown);
  if (unknown.length === 0) return;
  const ages = [...states.values()].map(({ stack, modified }) => [stack, ...describeAge(modified)]);
  throw new StateStorageError(
    [
      `The copy of ${stage}'s state in ${location.region} does not know all that is live there:`,
      ...unknown.map((each) => `  ${describeDifference(each)}`),
      'It is older than the last deploy, promotion or key. The copies:',
      ...columns(ages).map((line) => `  ${line}`),
      'Wait where the primary region may still copy them. From a copy that is older, Terraform would make again what it does not know (then import it),',
      `or leave it behind. ${accept}`,
    ].join('\n'),
  );
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
