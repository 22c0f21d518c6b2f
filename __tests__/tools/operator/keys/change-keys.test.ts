import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { createKey, finishRotation, rotateKey, syncKeys } from '#operator/keys/change-keys.ts';
import { fingerprint, generateKey } from '#operator/keys/key-parameter.ts';
import { keyPlace } from '#operator/keys/key-stacks.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { FakedKeys, FIRST, MADE } from './faked-keys.ts';

const OLD = 'the-key-that-clients-have';
const place = keyPlace(context, undefined);
const parameters = ({ stores }: FakedKeys) =>
  [stores.primary, stores.secondary].map(({ values }) => values.get('api_key'));
const admitted = (faked: FakedKeys) =>
  [faked.admitted.primary, faked.admitted.secondary].map((keys) => [...(keys?.keys() ?? [])]);
const failureOf = async (work: Promise<unknown>) => String(await work.catch((error: unknown) => error));

describe('a new key (S4.3)', () => {
  it('is forty letters and digits, each another', () => {
    const keys = Array.from({ length: 100 }, generateKey);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(new Set(keys).size).toBe(100);
  });

  it('is kept in both regions, once', async () => {
    const faked = new FakedKeys();
    expect(await createKey(context, place, faked.ports())).toMatchObject({
      outcome: 'created',
      current: FIRST,
      previous: null,
    });
    expect(parameters(faked)).toEqual([MADE[0], MADE[0]]);
    const failure = await failureOf(createKey(context, place, faked.ports()));
    expect(failure).toContain(
      `The primary region has the key ${FIRST} already. Make a new one: two-region keys rotate dev`,
    );
    expect(parameters(faked)).toEqual([MADE[0], MADE[0]]);
  });
});

describe('a rotation (S4.3)', () => {
  it('admits a new key beside the old one in both regions until it is finished', async () => {
    const faked = FakedKeys.deployed(OLD);
    const rotated = await rotateKey(context, place, faked.ports());
    expect(rotated).toMatchObject({ outcome: 'rotated', current: FIRST, previous: fingerprint(OLD) });
    expect(admitted(faked)).toEqual([
      [MADE[0], OLD],
      [MADE[0], OLD],
    ]);
    const again = await failureOf(rotateKey(context, place, faked.ports()));
    expect(again).toMatch(/RefusedError: A rotation is under way.+two-region keys rotate dev --finish/);
    const finished = await finishRotation(context, place, faked.ports());
    expect(finished).toMatchObject({ outcome: 'finished', current: FIRST, previous: null });
    expect(admitted(faked)).toEqual([[MADE[0]], [MADE[0]]]);
    expect(faked.asked).toEqual([
      `A new key is admitted beside ${fingerprint(OLD)} in both regions.`,
      `The key ${fingerprint(OLD)} stops working in both regions; ${FIRST} stays.`,
    ]);
    expect(await failureOf(finishRotation(context, place, faked.ports()))).toContain('No rotation is under way');
  });

  it('never shows a key in what it asks or refuses', async () => {
    const faked = FakedKeys.deployed(OLD);
    await rotateKey(context, place, faked.ports());
    const texts = [...faked.asked, await failureOf(rotateKey(context, place, faked.ports()))];
    for (const text of texts) for (const key of [OLD, ...MADE]) expect(text).not.toContain(key);
  });

  it('changes nothing when it is not confirmed', async () => {
    const faked = FakedKeys.deployed(OLD);
    const ports = faked.ports(() => Promise.reject(new RefusedError('no')));
    await expect(rotateKey(context, place, ports)).rejects.toThrow('no');
    expect([faked.stores.primary.writes, faked.applied]).toEqual([[], []]);
  });

  it.each<[string, (faked: FakedKeys) => void, string]>([
    ['the stacks have other changes waiting', (faked) => faked.refuse('other changes'), 'other changes'],
    ['a region admits no key', (faked) => faked.admitted.secondary?.clear(), 'two-region keys sync dev'],
    ['the parameters differ', ({ stores }) => stores.secondary.values.set('api_key', 'x'), 'two-region keys sync dev'],
    ['nothing is deployed', (faked) => faked.undeploy('primary'), 'Not deployed yet: entry-primary.'],
  ])('asks and changes nothing when %s', async (_, spoil, message) => {
    const faked = FakedKeys.deployed(OLD);
    spoil(faked);
    await expect(rotateKey(context, place, faked.ports())).rejects.toThrow(message);
    expect([faked.asked, faked.stores.primary.writes, faked.applied]).toEqual([[], [], []]);
  });

  it('applies nothing when the secondary region does not take the parameter, and sync goes on', async () => {
    const faked = FakedKeys.deployed(OLD);
    faked.stores.secondary.fail = 'writes';
    const failure = await failureOf(rotateKey(context, place, faked.ports()));
    expect(failure).toMatch(/KeysError: api_key was not mirrored to eu-west-1.+two-region keys sync dev$/s);
    expect(admitted(faked)).toEqual([[OLD], [OLD]]);
    faked.stores.secondary.fail = 'nothing';
    expect(await syncKeys(context, place, faked.ports())).toMatchObject({ outcome: 'synchronized', current: FIRST });
    expect(admitted(faked)).toEqual([
      [MADE[0], OLD],
      [MADE[0], OLD],
    ]);
  });

  it('says so when a region does not admit the new key in the end', async () => {
    const faked = FakedKeys.deployed(OLD);
    faked.stuck.add('secondary');
    const failure = await failureOf(rotateKey(context, place, faked.ports()));
    expect(failure).toContain(`secondary region: it does not admit ${FIRST}.\nGo on with: two-region keys sync dev`);
  });
});

describe('sync (S4.3)', () => {
  it('finds nothing to do where both regions agree', async () => {
    const faked = FakedKeys.deployed(OLD);
    expect(await syncKeys(context, place, faked.ports())).toMatchObject({ outcome: 'unchanged', stacks: [] });
    expect([faked.asked, faked.applied]).toEqual([[], []]);
  });

  it('does not say that a key is admitted where nothing is deployed', async () => {
    const faked = FakedKeys.deployed(OLD);
    faked.undeploy('secondary');
    expect(await failureOf(syncKeys(context, place, faked.ports()))).toContain('Not deployed yet: entry-secondary.');
  });

  it.each([
    ['lacks the key', (faked: FakedKeys) => faked.admitted.secondary?.clear(), `it does not admit ${fingerprint(OLD)}`],
    ['has it switched off', (faked: FakedKeys) => faked.admitted.secondary?.set(OLD, false), 'it does not admit'],
    [
      'admits another',
      (faked: FakedKeys) => faked.admitted.secondary?.set('x', true),
      'which the parameter does not name',
    ],
  ])('repairs a region that %s, and only that one', async (_, spoil, asked) => {
    const faked = FakedKeys.deployed(OLD);
    spoil(faked);
    expect(await syncKeys(context, place, faked.ports())).toMatchObject({ outcome: 'synchronized' });
    expect(faked.asked.join()).toMatch(new RegExp(`^secondary region: .*${asked}`));
    expect(faked.applied).toEqual(['secondary']);
    expect(admitted(faked)).toEqual([[OLD], [OLD]]);
  });

  it('mirrors a parameter without applying where the keys are right already', async () => {
    const faked = FakedKeys.deployed(OLD);
    faked.stores.secondary.values.delete('api_key');
    expect(await syncKeys(context, place, faked.ports())).toMatchObject({ outcome: 'synchronized' });
    expect([parameters(faked), faked.applied]).toEqual([[OLD, OLD], []]);
  });

  it('says how to make a key where there is none', async () => {
    const preview = keyPlace(context, 'preview');
    expect(await failureOf(syncKeys(context, preview, new FakedKeys().ports()))).toContain(
      'two-region keys create dev --env preview',
    );
  });
});
