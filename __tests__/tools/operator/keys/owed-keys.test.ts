import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { createKey, finishRotation, rotateKey, syncKeys } from '#operator/keys/change-keys.ts';
import { describeChange } from '#operator/keys/describe-keys.ts';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import { keyPlace } from '#operator/keys/key-stacks.ts';
import { changeOwing } from '#operator/keys/owed-keys.ts';
import { readKeys, repairsOf } from '#operator/keys/stage-keys.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { keptCatchUp } from '#tests/tools/operator/regions/kept-catch-up.ts';
import { FakedKeys, FIRST, MADE } from './faked-keys.ts';

const OLD = 'the-key-that-clients-have';

describe.each(['primary', 'secondary'] as const)('keys while the %s region is lost (B16)', (lost) => {
  const left = lost === 'primary' ? 'secondary' : 'primary';
  const place = keyPlace(context, undefined, ` --without ${lost}`);

  function withoutIt(faked: FakedKeys) {
    faked.stores[lost].fail = 'all';
    const catchUp = keptCatchUp();
    const ports = { ...faked.ports(), without: lost };
    const admitted = { ...ports.admitted, [lost]: () => Promise.reject(new Error('The lost region was asked.')) };
    return { catchUp, ports: { ...ports, admitted } };
  }

  it('are rotated in the other one alone, and what the lost one lacks is written down once it is known to be wanted', async () => {
    const faked = FakedKeys.deployed(OLD);
    const { catchUp, ports } = withoutIt(faked);
    let owedFirst = false;
    const stacks = {
      ...ports.stacks,
      apply: async (...args: Parameters<typeof ports.stacks.apply>) => {
        owedFirst ||= (await catchUp.read(lost)).length > 0;
        return ports.stacks.apply(...args);
      },
    };
    const { done, lacking } = await changeOwing(catchUp, context, place, { ...ports, stacks }, rotateKey);
    expect(done).toMatchObject({ outcome: 'rotated', current: FIRST, previous: fingerprint(OLD) });
    expect(owedFirst).toBe(true);
    expect(faked.stores[left].values.get('api_key')).toBe(`${MADE[0]},${OLD}`);
    expect([...(faked.admitted[left] ?? [])].map(([key]) => key)).toEqual([MADE[0], OLD]);
    expect([...(faked.admitted[lost] ?? [])].map(([key]) => key)).toEqual([OLD]);
    expect(faked.applied).toEqual([left]);
    expect(faked.asked).toEqual([`A new key is admitted beside ${fingerprint(OLD)} in the ${left} region alone.`]);
    expect(lacking?.join()).toMatch(
      new RegExp(`The ${lost} region has to catch up: its api_key is to be set, and admit`),
    );
    expect(describeChange(done, place, pc.createColors(false), lost)).toContain(
      `keys rotate dev --without ${lost} --fi`,
    );
    // What is listed is the left region's own.
    expect(repairsOf(await readKeys(context, place, ports))).toEqual([]);
    const finished = await changeOwing(catchUp, context, place, ports, finishRotation);
    expect(finished.done).toMatchObject({ outcome: 'finished', current: FIRST });
    expect(await catchUp.read(lost)).toEqual(expect.arrayContaining([expect.objectContaining({ names: ['api_key'] })]));
  });

  it('are made and repaired in the other one alone', async () => {
    const faked = new FakedKeys();
    const { catchUp, ports } = withoutIt(faked);
    const made = await changeOwing(catchUp, context, place, ports, createKey);
    expect(made.done).toMatchObject({ outcome: 'created', current: FIRST });
    expect(faked.stores[left].values.get('api_key')).toBe(MADE[0]);
    await ports.stacks.apply(place, [left]);
    faked.admitted[left]?.clear();
    const repaired = await changeOwing(catchUp, context, place, ports, syncKeys);
    expect(repaired.done).toMatchObject({ outcome: 'synchronized' });
    expect([...(faked.admitted[left] ?? [])].map(([key]) => key)).toEqual([MADE[0]]);
    const again = await changeOwing(catchUp, context, place, ports, syncKeys);
    expect(describeChange(again.done, place, pc.createColors(false), lost)).toContain(
      `the ${left} region admits ${FIRST}.`,
    );
  });

  it('owe nothing where nothing came of it', async () => {
    const { catchUp, ports } = withoutIt(FakedKeys.deployed(OLD));
    await expect(changeOwing(catchUp, context, place, ports, finishRotation)).rejects.toThrow(
      'No rotation is under way',
    );
    expect(await catchUp.read(lost)).toEqual([]);
  });
});

describe('keys once the region is back (B16)', () => {
  const place = keyPlace(context, undefined);
  const owed = {
    id: '1',
    kind: 'keys' as const,
    what: 'key',
    names: ['api_key'],
    who: 'ada@here',
    at: '2026-01-01T00:00:00Z',
  };

  it('of the secondary region are never overwritten with what the primary one had', async () => {
    const faked = FakedKeys.deployed(OLD);
    const catchUp = keptCatchUp({ primary: [owed] });
    const refused = changeOwing(catchUp, context, place, faked.ports(), syncKeys);
    await expect(refused).rejects.toThrow(
      /api_key were set in the secondary region alone.+two-region return dev primary/,
    );
    expect(faked.applied).toEqual([]);
  });

  it('are owed the secondary region no more when they are made the same', async () => {
    const faked = FakedKeys.deployed(OLD);
    const other = { ...owed, id: '2', names: ['preview_api_key'] };
    const catchUp = keptCatchUp({ secondary: [owed, other] });
    faked.admitted.secondary?.clear();
    await changeOwing(catchUp, context, place, faked.ports(), syncKeys);
    expect(await catchUp.read('secondary')).toEqual([other]);
  });
});
