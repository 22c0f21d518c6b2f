import { type AccountResource, accountResources } from '#operator/account/bootstrap-account.ts';
import { ensureSettings, type Finding } from '#operator/aws/setting.ts';
import type { StageContext } from '#stacks/context.ts';
import { awsStateStores } from './aws-state-store.ts';
import type { StateStores } from './state-store.ts';
import { askAccount } from './storage/inspect-storage.ts';
import { proveReplication } from './storage/replication-probe.ts';
import { type StorageResource, storageResources } from './storage/storage-resources.ts';

/** What a stage needs before its first deploy, and what was done to make it so. */
export interface BootstrapReport {
  readonly stage: string;
  readonly account: string;
  readonly resources: readonly BootstrappedResource[];
}

export interface BootstrappedResource {
  readonly kind: AccountResource['kind'] | StorageResource['kind'];
  readonly name: string;
  /** AWS region; `global` for what has none. */
  readonly region: string;
  /** Of the resource itself, then of its settings. */
  readonly findings: readonly Finding[];
}

/**
 * Makes what keeps a stage's state: a bucket and a table of locks in each region, of which the secondary's are there for the loss of the
 * primary, and the replication between the buckets. Then what its account must have for any stage: see {@link accountResources}. Safe to run
 * again: what is right stays, what is missing is made, what differs is repaired; what belongs to the account is never overwritten.
 *
 * @param onStep - hears of each resource before work on it starts
 * @throws StateStorageError for a bucket or table that belongs to somebody or something else
 */
export async function bootstrapState(
  context: StageContext,
  onStep: (message: string) => void,
): Promise<BootstrapReport> {
  onStep('Asking AWS whose credentials these are …');
  const account = await askAccount(context, context.settings.primaryRegion);
  const done: BootstrappedResource[] = [];
  for (const resource of storageResources(context, account)) {
    const { kind, name, region } = resource;
    onStep(`${TITLES[kind]} ${name} in ${region}, account ${account} …`);
    const findings = kind === 'replication' ? await replicate(context, resource, done) : await make(resource);
    done.push({ kind, name, region, findings });
  }
  await proveReplication(context, account, onStep);
  for (const { kind, name, region, ensure } of accountResources(context)) {
    onStep(`${kind} ${name} in ${region}, account ${account} …`);
    const finding = await ensure();
    if (finding !== undefined) done.push({ kind, name, region, findings: [finding] });
  }
  return { stage: context.stage, account, resources: done };
}

/** Whether the primary region's bucket was made while the secondary's was there: the state was lost, or the region was exchanged. */
export function isAfterLoss({ resources }: BootstrapReport): boolean {
  const [primary, secondary] = resources
    .filter(({ kind }) => kind === 'bucket')
    .map(({ findings }) => findings[0]?.outcome);
  return primary === 'made' && secondary === 'existed';
}

async function make({ kind, claim, settings }: StorageResource): Promise<Finding[]> {
  const isNew = await claim();
  return [{ name: kind, outcome: isNew ? 'made' : 'existed' }, ...(await ensureSettings(isNew, settings))];
}

/** Switches replication on; of a bucket that was there before, its states are copied first. */
async function replicate(
  context: StageContext,
  { claim, settings }: StorageResource,
  buckets: readonly BootstrappedResource[],
): Promise<Finding[]> {
  const wasOn = await Promise.all(settings.map((setting) => setting.isSet()));
  const hasStates =
    buckets.find((each) => each.kind === 'bucket')?.findings[0]?.outcome === 'existed' && wasOn.includes(false);
  const copied = hasStates ? await copyEarlierStates(awsStateStores(context)) : 0;
  const findings = await ensureSettings(await claim(), settings);
  return copied === 0 ? findings : [...findings, { name: `copies of ${copied} earlier states`, outcome: 'made' }];
}

const TITLES: Readonly<Record<StorageResource['kind'], string>> = {
  bucket: 'Bucket',
  table: 'Lock table',
  role: 'Role',
  replication: 'Replication',
};

/**
 * Copies the states that were there before S3 was told to copy: it does so with what is written from then on. A state that has a copy is
 * left alone.
 *
 * Source: Amazon S3 User Guide, "Replicating existing objects".
 *
 * @returns how many were copied
 */
export async function copyEarlierStates({ primary, secondary }: StateStores): Promise<number> {
  const copied = new Set(await secondary.keys());
  const missing = ((await primary.keys()) ?? []).filter((key) => !copied.has(key));
  for (const key of missing) {
    const { body } = await primary.read(key);
    await secondary.writeIfAbsent(key, body);
  }
  return missing.length;
}
