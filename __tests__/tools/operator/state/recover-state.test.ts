import { describe, expect, it } from 'vitest';
import { StateStorageError } from '#operator/cli/errors.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { describeRecovery, settingLine } from '#operator/state/describe-move.ts';
import { type RecoverPorts, type RecoverReport, recoverState } from '#operator/state/recover-state.ts';
import { readStateDocument } from '#operator/state/state-document.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { partsOf } from './live-parts.ts';
import { putState } from './memory-store.ts';
import { API, DATA, twoStores } from './two-stores.ts';

type Stores = ReturnType<typeof twoStores>;

/** Runs it without anything that takes time. @param more - @default - nothing is live in the secondary region */
function recover(stores: Stores, tables: string[] = [], more: Partial<RecoverPorts> = {}): Promise<RecoverReport> {
  const claimLockTable = async () => {
    tables.push('claimed');
  };
  const liveParts = () => partsOf({});
  return recoverState(context, { stores, claimLockTable, liveParts, onStep: () => undefined, ...more });
}

describe('state recover (B10)', () => {
  it.each(['region', 'bucket and table'] as const)(
    "writes the digests of every copy when the primary's %s is gone, the same the second time",
    async (gone) => {
      const stores = twoStores();
      stores.primary.gone = gone;
      const tables: string[] = [];
      const report = await recover(stores, tables);
      expect(tables).toEqual(['claimed']);
      expect(stores.secondary.digests).toEqual(stores.primary.digests);
      expect(report).toMatchObject({ live: { region: 'eu-west-1' }, primary: expect.stringContaining('eu-central-1') });
      expect(await recover(stores)).toEqual(report);
    },
  );

  it('prints the backend, the setting that makes everybody use it, and the way back', async () => {
    const stores = twoStores();
    stores.primary.gone = 'region';
    const text = describeRecovery(context, await recover(stores), colorsFor(process.stdout));
    expect(text).toMatch(/bucket +two-region-api-state-dev-replica\n +key +dev\/STACK\.tfstate\n +region +eu-west-1/);
    expect(text).toMatch(/dynamodb_table +two-region-api-locks-dev/);
    expect(text).toContain('STATE_IN_SECONDARY=( "dev" )');
    expect(text).toContain('two-region state return dev');
    const times = await recover(stores);
    const old = Math.max(...times.states.map(({ modified }) => Date.parse(modified))) + 3 * 3_600_000;
    expect(describeRecovery(context, times, colorsFor(process.stdout), old)).toMatch(/written \S+ +3 h ago/);
    const settings = { ...context.settings, stateInSecondary: ['prod', 'dev'] };
    expect(settingLine({ settings, stage: 'dev' }, 'primary')).toBe('STATE_IN_SECONDARY=( "prod" )');
    expect(settingLine({ ...context, stage: 'dev' }, 'primary')).toBe('STATE_IN_SECONDARY=()');
  });

  it('takes a primary bucket that was made anew for lost, not for the same', async () => {
    const stores = twoStores();
    stores.primary.objects.clear();
    expect((await recover(stores)).primary).toBe('two-region-api-state-dev in eu-central-1 is empty');
  });

  it('says so when the primary region answers and has the same', async () => {
    expect((await recover(twoStores())).primary).toBeUndefined();
  });

  it.each([
    [
      'a copy is behind a primary that answers',
      (s: Stores) => putState(s.primary, DATA, { serial: 4 }),
      /other states of: dev-data/,
    ],
    ['a copy is missing', (s: Stores) => s.secondary.objects.delete(API), /other states of: dev-api-primary/],
    [
      'a state that another reads from was not copied',
      (s: Stores) => {
        s.primary.gone = 'region';
        s.secondary.objects.delete(DATA);
      },
      /dev-api-primary: it reads from dev-data, whose state is not in two-region-api-state-dev-replica/,
    ],
    [
      'a copy is cut off',
      (s: Stores) => s.secondary.objects.set(DATA, new TextEncoder().encode('{"version": 4, "ser')),
      /dev-data: s3:.+ is not a Terraform state/,
    ],
    [
      'somebody works there already',
      (s: Stores) =>
        s.secondary.locked.set(DATA, { id: '7', who: 'a@b', operation: 'OperationTypeApply', since: 'now' }),
      /locked by a@b .+force-unlock 7/,
    ],
    ['there is no copy at all', (s: Stores) => s.secondary.objects.clear(), /holds no state of the stage/],
    [
      'there is no second bucket',
      (s: Stores) => {
        s.secondary.gone = 'bucket and table';
      },
      /There is no bucket two-region-api-state-dev-replica in eu-west-1/,
    ],
  ])('writes nothing where %s', async (_, break_, message) => {
    const stores = twoStores();
    break_(stores);
    const tables: string[] = [];
    const failure = await recover(stores, tables).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StateStorageError);
    expect(String(failure)).toMatch(message);
    expect([...stores.secondary.writes, ...tables]).toEqual([]);
  });

  it('names everything that forbids it at once', async () => {
    const stores = twoStores();
    putState(stores.primary, 'dev/dev-routing.tfstate');
    stores.secondary.objects.set(API, new Uint8Array());
    await expect(recover(stores)).rejects.toThrow(/dev-api-primary.+other states of: dev-api-primary, dev-routing/s);
  });

  it('says so when a digest is not what was written: somebody deployed meanwhile', async () => {
    const stores = twoStores();
    stores.secondary.writeDigest = async (key) => {
      stores.secondary.digests.set(key, 'f'.repeat(32));
    };
    await expect(recover(stores)).rejects.toThrow(
      /Changed while their digests were written: dev-api-primary, dev-data\. Run it again\./,
    );
  });
});

describe("a state's document", () => {
  it('is not taken from anything but a state of version 4', () => {
    const body = (text: string) => new TextEncoder().encode(text);
    for (const text of ['', '{}', 'null', '{"version":3,"serial":1,"lineage":"l","resources":[]}']) {
      expect(readStateDocument(body(text))).toBeUndefined();
    }
    const [state] = twoStores().primary.objects.values();
    expect(readStateDocument(state ?? body(''))).toMatchObject({ serial: 3, lineage: 'l', reads: [] });
  });
});
