import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { exitCodeOf } from '#operator/cli/exit-codes.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { describeVerify } from '#operator/state/describe-verify.ts';
import { VERIFY } from '#operator/state/run-state.ts';
import { inspectStorage } from '#operator/state/storage/inspect-storage.ts';
import type { StorageResource } from '#operator/state/storage/storage-resources.ts';
import { verifyState } from '#operator/state/verify-state.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { putState } from './memory-store.ts';
import { API, DATA, twoStores } from './two-stores.ts';

const recovered = { ...context, settings: { ...context.settings, stateInSecondary: ['dev'] } };

describe('state verify (B10)', () => {
  it('finds nothing where states, digests and copies agree, and names the stacks without a state', async () => {
    const report = await verifyState(context, twoStores(), []);
    expect(report).toMatchObject({ live: { region: 'eu-central-1' }, copy: { region: 'eu-west-1' }, differences: [] });
    expect(report.states.map(({ stack, serial, digest, copy }) => [stack, serial, digest, copy])).toEqual([
      ['dev-api-primary', 5, 'same', 'same'],
      ['dev-data', 3, 'same', 'same'],
    ]);
    expect(report.notDeployed).toContain('dev-routing');
    expect(describeVerify(report, colorsFor(process.stdout))).toContain('agree');
  });

  it('tells a digest that is missing from one of another content', async () => {
    const stores = twoStores();
    stores.primary.digests.delete(DATA);
    stores.primary.digests.set(API, 'f'.repeat(32));
    const { states, differences } = await verifyState(context, stores, []);
    expect(states.map(({ digest }) => digest)).toEqual(['differs', 'missing']);
    expect(differences).toHaveLength(2);
  });

  it('says of a locked state by whom and since when, and takes its digest for being written', async () => {
    const stores = twoStores();
    stores.primary.digests.set(DATA, 'f'.repeat(32));
    stores.primary.locked.set(DATA, { id: '1', who: 'a@b', operation: 'OperationTypeApply', since: '2026-03-01' });
    const report = await verifyState(context, stores, []);
    expect(report.differences).toEqual([]);
    expect(stripVTControlCharacters(describeVerify(report, colorsFor(process.stdout)))).toMatch(
      /dev-data.+by a@b since 2026-03-01 \(OperationTypeApply\)/,
    );
  });

  it.each([
    ['missing', () => undefined, /copy missing: dev-data\. S3 needs up to 15 minutes/],
    ['older', () => ({ serial: 2 }), /copy older: dev-data\. S3 needs/],
    ['newer', () => ({ serial: 4 }), /copy newer: dev-data\..+another STATE_IN_SECONDARY/],
    ['forked', () => ({ serial: 3, note: 'other' }), /copy forked: dev-data\./],
    ['forked', () => ({ serial: 9, lineage: 'other' }), /copy forked: dev-data\./],
  ])('finds a copy that is %s', async (copy, options, difference) => {
    const stores = twoStores();
    const state = options();
    if (state === undefined) stores.secondary.objects.delete(DATA);
    else putState(stores.secondary, DATA, state);
    const { states, differences } = await verifyState(context, stores, []);
    expect(states.find(({ stack }) => stack === 'dev-data')?.copy).toBe(copy);
    expect(differences).toEqual([expect.stringMatching(difference)]);
  });

  it('goes on with one region when the other is gone, bucket or all of it', async () => {
    const stores = twoStores();
    stores.secondary.gone = 'region';
    const unreachable = await verifyState(context, stores, []);
    expect(unreachable.states.map(({ copy }) => copy)).toEqual(['unknown', 'unknown']);
    expect(unreachable.differences).toEqual(['eu-west-1 did not answer for the state: connect ETIMEDOUT']);
    stores.secondary.gone = 'bucket and table';
    expect((await verifyState(context, stores, [])).differences.join()).toMatch(
      /copy missing: dev-api-primary, dev-data\./,
    );
  });

  it("takes the secondary region's for the state where the settings say so", async () => {
    const stores = twoStores();
    for (const key of [DATA, API]) putState(stores.secondary, key, { serial: 7 });
    stores.primary.gone = 'bucket and table';
    const { live, differences } = await verifyState(recovered, stores, []);
    expect(live.bucket).toBe('two-region-api-state-dev-replica');
    expect(differences).toEqual([expect.stringContaining('two-region state return dev')]);
  });

  it('reports what is no state, what only the copy has, and every setting that is not as bootstrap makes it', async () => {
    const stores = twoStores();
    stores.primary.objects.set(DATA, new TextEncoder().encode('<html>'));
    putState(stores.secondary, 'dev/dev-old.tfstate');
    const resource = (kind: StorageResource['kind'], exists: boolean): StorageResource => ({
      kind,
      name: `a-${kind}`,
      region: 'eu-central-1',
      exists: async () => exists,
      claim: async () => false,
      settings: [
        { name: 'versioning', isSet: async () => false, set: async () => undefined },
        { name: 'encryption', isSet: () => Promise.reject(new Error('no answer')), set: async () => undefined },
      ],
    });
    const storage = await inspectStorage([resource('bucket', true), resource('table', false)]);
    const { differences } = await verifyState(context, stores, storage);
    expect(differences).toEqual([
      'bucket a-bucket (eu-central-1): versioning is not as it must be. Repair it: two-region bootstrap dev',
      "bucket a-bucket (eu-central-1): encryption can't be looked at: no answer. Repair it: two-region bootstrap dev",
      'table a-table (eu-central-1): is not there. Repair it: two-region bootstrap dev',
      expect.stringContaining('dev-data: s3://two-region-api-state-dev/dev/dev-data.tfstate is not a Terraform state'),
      expect.stringContaining('dev-old: only the copy s3://two-region-api-state-dev-replica/dev/dev-old.tfstate'),
    ]);
  });

  it('passes on what is about credentials: it says nothing of the region', async () => {
    const stores = twoStores();
    stores.primary.keys = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    await expect(verifyState(context, stores, [])).rejects.toThrow('no');
  });

  it('ends the command with 2 when something differs, and with 0 when nothing does (B10)', async () => {
    const exitCode = async (stores: ReturnType<typeof twoStores>) => {
      const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
      const ended = runCommand({}, () => verifyState(context, stores, []), VERIFY).then(() => 0, exitCodeOf);
      return ended.finally(() => log.mockRestore());
    };
    expect(await exitCode(twoStores())).toBe(0);
    const stores = twoStores();
    stores.secondary.gone = 'bucket and table';
    expect(await exitCode(stores)).toBe(2);
  });
});
