import { describe, expect, it } from 'vitest';
import { type Inventory, leftoversIn, UNKNOWN_TIME } from '#operator/tidy/leftovers.ts';
import type { FunctionRecord, ReleaseRecord } from '#stacks/release-record.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-06-30T00:00:00Z');
const daysAgo = (days: number) => new Date(NOW - days * DAY);
const policy = { keepNewest: 2, afterDays: 30 };

const nothing: Inventory = { functions: [], packages: [], apis: [], logGroups: [] };
const recordOf = (environment: string, version: string, packageVersion: string): ReleaseRecord => {
  const user: FunctionRecord = {
    version,
    role: { hash: 'h', name: 'r', policy: '{}' },
    package: { bucket: 'packages', key: 'functions/user.zip', version: packageVersion, sha256: '' },
    tables: {},
    routes: [],
  };
  return { environment, functions: { user } };
};
const left = (inventory: Partial<Inventory>, records: readonly ReleaseRecord[] = [], other = policy) =>
  leftoversIn({ ...nothing, ...inventory }, records, other, NOW);

/** Version n was made n days before version 100 would have been. */
const versions = (...numbers: readonly number[]) =>
  numbers.map((number) => ({ version: String(number), bytes: 10, made: daysAgo(100 - number) }));
const user = { name: 'app-dev-user', function: 'user', versions: versions(1, 2, 3, 9, 10, 11), aliased: ['2'] };
const versionsLeft = (inventory: Partial<Inventory>, records?: readonly ReleaseRecord[], other?: typeof policy) =>
  left(inventory, records, other).flatMap((each) => (each.kind === 'version' ? [each.version] : []));

describe('function versions that nothing needs (B20)', () => {
  it('are those without an alias or a record, beyond the newest by number, not by text', () => {
    expect(versionsLeft({ functions: [user] })).toEqual(['9', '3', '1']);
    expect(versionsLeft({ functions: [user] }, [recordOf('envB', '3', 'p')])).toEqual(['9', '1']);
    const latest = { version: '$LATEST', bytes: 10, made: daysAgo(99) };
    expect(versionsLeft({ functions: [{ ...user, versions: [latest, ...user.versions] }] })).toEqual(['9', '3', '1']);
  });

  it('are not those that get a part of the calls, nor a record of another function', () => {
    expect(versionsLeft({ functions: [{ ...user, aliased: ['2', '1'] }] })).toEqual(['9', '3']);
    expect(versionsLeft({ functions: [{ ...user, function: 'events' }] }, [recordOf('envB', '3', 'p')])).toContain('3');
  });

  it('are not young, nor of an unknown age', () => {
    expect(versionsLeft({ functions: [user] }, [], { keepNewest: 2, afterDays: 98 })).toEqual(['1']);
    const ageless = user.versions.map((each) => ({ ...each, made: UNKNOWN_TIME }));
    expect(versionsLeft({ functions: [{ ...user, versions: ageless }] })).toEqual([]);
  });

  it('never are the newest, whatever the age', () => {
    expect(versionsLeft({ functions: [{ ...user, aliased: [] }] }, [], { keepNewest: 1, afterDays: 0 })).not.toContain(
      '11',
    );
  });
});

describe('packages that nothing needs (B20)', () => {
  it('are versions beyond the newest of their key that no record names', () => {
    const version = (key: string, versionId: string, days: number, isLatest = false) => ({
      bucket: 'packages',
      key,
      versionId,
      bytes: 5,
      made: daysAgo(days),
      isLatest,
    });
    const packages = [
      ...['a', 'b', 'c', 'd'].map((id, at) => version('functions/user.zip', id, 80 - at)),
      version('functions/user.zip', 'e', 40, true),
      version('functions/events.zip', 'f', 90),
      version('functions/events.zip', 'g', 89, true),
    ];
    const found = left({ packages }, [recordOf('envA', '1', 'b')]);
    expect(found).toEqual([
      expect.objectContaining({ key: 'functions/user.zip', versionId: 'c' }),
      expect.objectContaining({ key: 'functions/user.zip', versionId: 'a' }),
    ]);
  });
});

describe('deployments that nothing needs (B20)', () => {
  const deployments = ['d1', 'd2', 'd3', 'd4'].map((id, at) => ({ id, made: daysAgo(90 - at) }));
  it('are those that no gateway stage serves, of both kinds of APIs', () => {
    const api = { id: 'rest', deployments, served: ['d1'] };
    const found = left({
      apis: [
        { ...api, kind: 'rest' },
        { ...api, kind: 'http', served: ['d2', 'd4'] },
      ],
    });
    expect(found).toEqual([
      expect.objectContaining({ api: 'rest', id: 'd2' }),
      expect.objectContaining({ api: 'http', id: 'd1' }),
    ]);
  });

  it('are none where no stage names one: nobody can tell what is served', () => {
    expect(left({ apis: [{ kind: 'http', id: 'h', deployments, served: [] }] })).toEqual([]);
  });
});

describe('log groups that nothing needs (B20)', () => {
  it('are those of what is gone, when nobody has written to them for long enough', () => {
    const logGroups = [
      { name: 'old', bytes: 1, written: daysAgo(31) },
      { name: 'young', bytes: 1, written: daysAgo(29) },
    ];
    expect(left({ logGroups })).toEqual([expect.objectContaining({ kind: 'log group', name: 'old' })]);
  });
});
