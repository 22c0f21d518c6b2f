import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { RefusedError } from '#operator/cli/errors.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';

const itemSchema = z.object({
  id: z.string(),
  /** `keys`: made or ended in the other region. `parameters`: set there. `release`: deployed there. `target`: where the region's public names are to lead. `state`: Terraform's states were written in the other region. */
  kind: z.enum(['keys', 'parameters', 'release', 'state', 'target']),
  /** What the region is to have, as the end of a sentence: `its public names lead to envA`. */
  what: z.string(),
  /** Environment of a target. */
  environment: z.optional(z.string()),
  /** Environments of a release. */
  environments: z.optional(z.readonly(z.array(z.string()))),
  /** Names of parameters, those that hold keys among them. */
  names: z.optional(z.array(z.string())),
  /** `user@host` */
  who: z.string(),
  at: z.iso.datetime(),
});

const documentSchema = z.object({ version: z.literal(1), items: z.array(itemSchema) });

/** Something that was done in one region alone, and that the other one lacks. */
export type CatchUpItem = Readonly<z.infer<typeof itemSchema>>;

/** Keeps what a region that was left out has to catch up on. It is kept in the other region: the one that is left. */
export interface CatchUpStore {
  /** @throws whatever the other region answers, or doesn't */
  readonly read: (lost: RegionType) => Promise<readonly CatchUpItem[]>;
  readonly write: (lost: RegionType, items: readonly CatchUpItem[]) => Promise<void>;
  /** Whether Terraform's states are written where things move. @default false, as in the local runtime */
  readonly hasStates?: boolean;
}

/** What a region lacks, before it is written down. */
export type Lacking = Pick<CatchUpItem, 'environment' | 'environments' | 'kind' | 'names' | 'what'>;

/** Where Terraform wrote while the primary region was lost. */
const STATE_ELSEWHERE: Lacking = { kind: 'state', what: 'its copies of the states are to be brought back' };

/**
 * Writes down what a region will lack; the lock of the region that is left is held. Of a target and of the state the last word counts.
 *
 * @returns the new item
 */
export async function addCatchUp(store: CatchUpStore, lost: RegionType, lacking: Lacking): Promise<CatchUpItem> {
  const { user, host } = thisCommand();
  const itemOf = (each: Lacking) => ({
    id: randomUUID(),
    ...each,
    who: `${user}@${host}`,
    at: new Date().toISOString(),
  });
  const item = itemOf(lacking);
  const before = await store.read(lost);
  // The states of the primary region are older from now on. Those of the secondary are copies, which S3 brings by itself.
  const isStateNewer =
    store.hasStates === true &&
    lost === 'primary' &&
    lacking.kind !== 'parameters' &&
    !before.some(({ kind }) => kind === 'state');
  const states = isStateNewer ? [itemOf(STATE_ELSEWHERE)] : [];
  const others = before.filter(({ kind }) => kind !== 'target' || lacking.kind !== 'target');
  await store.write(lost, [...others, ...states, item]);
  return item;
}

/** Takes back what came to nothing, or has been done. */
export async function removeCatchUp(
  store: CatchUpStore,
  lost: RegionType,
  isDone: (item: CatchUpItem) => boolean,
): Promise<void> {
  const before = await store.read(lost);
  const left = before.filter((item) => !isDone(item));
  if (left.length < before.length) await store.write(lost, left);
}

/** Writes down what a region lacks of a release. @returns all that it has to catch up on, in sentences */
export async function oweRelease(
  store: CatchUpStore,
  lost: RegionType,
  lacking: Pick<Lacking, 'environments' | 'what'>,
): Promise<readonly string[]> {
  await addCatchUp(store, lost, { kind: 'release', ...lacking });
  return describeCatchUp(lost, await store.read(lost));
}

/** What the secondary region alone was given must not be overwritten by what the primary one had. @throws RefusedError */
export async function requireNoneNewer(stage: string, { read }: Pick<CatchUpStore, 'read'>): Promise<void> {
  const newer = (await read('primary')).find(({ kind }) => kind === 'parameters' || kind === 'keys');
  if (newer === undefined) return;
  const { at, who, names = [] } = newer;
  throw new RefusedError(
    `The parameters ${names.join(', ')} were set in the secondary region alone, at ${at} by ${who}, while the primary was lost: nothing was changed. ` +
      `Bring the primary level first: two-region return ${stage} primary`,
  );
}

/** A line for each item. */
export function describeCatchUp(lost: RegionType, items: readonly CatchUpItem[]): readonly string[] {
  return items.map(
    ({ what, who, at }) => `The ${lost} region has to catch up: ${what}, since ${at}, by ${who}, without that region.`,
  );
}

/** What is kept, read anew; nothing is an empty list. @throws Error for what isn't such a document */
function parseCatchUp(document: unknown): readonly CatchUpItem[] {
  return document === undefined || document === null ? [] : documentSchema.parse(document).items;
}

/** As it is kept. */
function catchUpDocument(items: readonly CatchUpItem[]): object {
  return { version: 1, items };
}

type CatchUpName = `catch-up-${RegionType}`;

/** Keeps them in documents, one per region that was left out; the other region is the one that keeps it. */
export function catchUpStore(documents: {
  readonly read: (keeping: RegionType, name: CatchUpName) => Promise<unknown>;
  readonly write: (keeping: RegionType, name: CatchUpName, document: object) => Promise<void>;
}): CatchUpStore {
  return {
    read: async (lost) => parseCatchUp(await documents.read(otherRegion(lost), `catch-up-${lost}`)),
    write: (lost, items) => documents.write(otherRegion(lost), `catch-up-${lost}`, catchUpDocument(items)),
  };
}
