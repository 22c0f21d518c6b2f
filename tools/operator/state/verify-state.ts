import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { optionalStacks, stackNames } from '#stacks/settings/stack-names.ts';
import { liveStateLocation, type StateLocation } from '#stacks/terraform/state-location.ts';
import { askRegion, type RegionAnswer, type StateRecord } from './region-states.ts';
import { standing } from './state-document.ts';
import type { StateLock, StateStores } from './state-store.ts';
import { describeInspection, type Inspection } from './storage/inspect-storage.ts';

/** A stack's state and its copy. */
export interface VerifiedState {
  readonly stack: string;
  readonly serial: number;
  readonly lineage: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
  /** Whether the lock table's digest is that of the state. */
  readonly digest: 'differs' | 'missing' | 'same';
  /** How the other region's copy stands to it. `unknown`: the region doesn't answer. */
  readonly copy: 'forked' | 'missing' | 'newer' | 'older' | 'same' | 'unknown';
  /** How far S3 is with copying it: `COMPLETED`, `PENDING`, `FAILED`. */
  readonly replication?: string;
  readonly lock?: StateLock;
}

export interface VerifyReport {
  readonly stage: string;
  /** Where the project reads and writes the state. */
  readonly live: StateLocation;
  readonly copy: StateLocation;
  readonly states: readonly VerifiedState[];
  /** Stacks of the settings that have no state. */
  readonly notDeployed: readonly string[];
  /** Everything that is not as it must be, each with what to do. */
  readonly differences: readonly string[];
}

/**
 * Compares a stage's states with the lock table's digests and with their copies, and looks at what keeps them. Nothing is changed.
 *
 * @param storage - what was found of buckets, tables and replication
 */
export async function verifyState(
  context: StageContext,
  stores: StateStores,
  storage: readonly Inspection[],
): Promise<VerifyReport> {
  const { regionType: liveType } = liveStateLocation(context);
  const copyType = otherRegion(liveType);
  const [live, copy] = await Promise.all([askRegion(stores[liveType]), askRegion(stores[copyType])]);
  const records = 'states' in live ? [...live.states.values()] : [];
  const states = records.flatMap((record) => verified(record, copy));
  const deployed = new Set(records.map(({ stack }) => stack));
  const all = stackNames(context.settings.apiEnvironments, optionalStacks(context.settings)).map(
    (name) => `${context.stage}-${name}`,
  );
  return {
    stage: context.stage,
    live: live.location,
    copy: copy.location,
    states,
    notDeployed: all.filter((stack) => !deployed.has(stack)),
    differences: [
      ...[live, copy].flatMap((answer) => ('problem' in answer ? [unreachable(answer)] : [])),
      ...storage
        .filter(({ isRight }) => !isRight)
        .map((inspection) => `${describeInspection(inspection)}. ${repair(context, liveType)}`),
      ...records
        .filter(({ document }) => document === undefined)
        .map(({ stack, key }) => notAState(stack, live.location, key)),
      ...states.flatMap((state) => digestDifferences(state, live.location)),
      ...copyDifferences(states, context.stage, liveType),
      ...onlyInCopy(live, copy),
    ],
  };
}

function verified(record: StateRecord, copies: RegionAnswer): VerifiedState[] {
  const { stack, key, document, digest, modified, lock, replication } = record;
  if (document === undefined) return [];
  const other = 'states' in copies ? copies.states.get(key)?.document : undefined;
  const missing = 'states' in copies ? 'missing' : 'unknown';
  return [
    {
      stack,
      serial: document.serial,
      lineage: document.lineage,
      bytes: document.size,
      modified: modified.toISOString(),
      digest: digest === undefined ? 'missing' : digest === document.md5 ? 'same' : 'differs',
      copy: other === undefined ? missing : standing(other, document),
      ...(replication !== undefined && { replication }),
      ...(lock && { lock }),
    },
  ];
}

function digestDifferences({ stack, digest, lock }: VerifiedState, live: StateLocation): string[] {
  // Whoever has locked a state may be writing it.
  if (digest === 'same' || lock !== undefined) return [];
  const what =
    digest === 'missing' ? 'has no digest in the lock table' : 'is not what its digest in the lock table says';
  return [
    `${stack}: its state ${what} ${live.lockTable} (${live.region}). Restore the version of the object that it belongs to, ` +
      'or, where the state is right, write its MD5 there.',
  ];
}

/** Copies that are not what they are copies of, said once for all stacks that have the same. */
function copyDifferences(states: readonly VerifiedState[], stage: string, live: RegionType): string[] {
  return (['missing', 'older', 'newer', 'forked'] as const).flatMap((copy) => {
    const concerned = states.filter((state) => state.copy === copy);
    if (concerned.length === 0) return [];
    const stacks = concerned
      .map(({ stack, replication }) => (replication ? `${stack} (${replication})` : stack))
      .join(', ');
    const remedy = copy === 'missing' || copy === 'older' ? BEHIND[live] : AHEAD;
    return [`copy ${copy}: ${stacks}. ${remedy.replaceAll('STAGE', stage)}`];
  });
}

const AHEAD =
  'It was written by itself: somebody deployed with another STATE_IN_SECONDARY. Compare with terraform show before the next deploy; ' +
  'two-region state return STAGE takes to the primary region what is newer in the secondary.';

const BEHIND: Readonly<Record<RegionType, string>> = {
  primary:
    'S3 needs up to 15 minutes. If it stays: two-region bootstrap STAGE repairs the replication, the next deploy that changes the stack makes the copy.',
  secondary: 'When the primary region is back: two-region state return STAGE',
};

function unreachable({ location, problem }: { readonly location: StateLocation; readonly problem: string }): string {
  return `${location.region} did not answer for the state: ${problem}`;
}

function repair({ stage }: StageContext, live: RegionType): string {
  return live === 'primary'
    ? `Repair it: two-region bootstrap ${stage}`
    : `When the primary region is back: two-region state return ${stage}`;
}

function notAState(stack: string, { bucket }: StateLocation, key: string): string {
  return `${stack}: s3://${bucket}/${key} is not a Terraform state of version 4. Restore an earlier version of the object.`;
}

function onlyInCopy(live: RegionAnswer, copy: RegionAnswer): string[] {
  if (!('states' in live) || !('states' in copy)) return [];
  return [...copy.states.values()]
    .filter(({ key }) => !live.states.has(key))
    .map(
      ({ stack, key }) =>
        `${stack}: only the copy s3://${copy.location.bucket}/${key} is there. Copy it back, or delete it.`,
    );
}
