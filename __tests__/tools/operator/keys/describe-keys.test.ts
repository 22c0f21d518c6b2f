import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { rotateKey } from '#operator/keys/change-keys.ts';
import { describeChange, describeList, listed } from '#operator/keys/describe-keys.ts';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import { keyPlace } from '#operator/keys/key-stacks.ts';
import { readKeys } from '#operator/keys/stage-keys.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { FakedKeys, FIRST, MADE } from './faked-keys.ts';

const OLD = 'the-key-that-clients-have';
const place = keyPlace(context, undefined);
const colors = pc.createColors(false);

describe('the list of keys (S4.3)', () => {
  it("shows each region's keys by fingerprint, and what one of them lacks", async () => {
    const faked = FakedKeys.deployed(`${MADE[0]},${OLD}`);
    faked.admitted.secondary?.delete(OLD);
    const lists = [listed(place, await readKeys(context, place, faked.ports()))];
    const old = fingerprint(OLD);
    expect(describeList(lists, 'dev', colors)).toBe(
      [
        'envA, envB (api_key)',
        `  primary    eu-central-1  ${FIRST}  current   enabled`,
        `  primary    eu-central-1  ${old}  previous  enabled`,
        `  secondary  eu-west-1     ${FIRST}  current   enabled`,
        `  secondary  eu-west-1     ${old}  previous  not admitted`,
        `  secondary region: it does not admit ${old}.`,
        '',
        'Repair it: two-region keys sync dev',
      ].join('\n'),
    );
    expect(JSON.stringify(lists)).not.toContain(OLD);
  });

  it('names the remedy of every place that needs one', async () => {
    const preview = keyPlace(context, 'preview');
    const [faked, unmirrored] = [FakedKeys.deployed(OLD), new FakedKeys()];
    faked.admitted.secondary?.clear();
    unmirrored.stores.primary.values.set(preview.parameter, OLD);
    const lists = [
      listed(place, await readKeys(context, place, faked.ports())),
      listed(preview, await readKeys(context, preview, unmirrored.ports())),
    ];
    expect(describeList(lists, 'dev', colors)).toMatch(
      /\n\nRepair it: two-region keys sync dev\nRepair it: two-region keys sync dev --env preview$/,
    );
  });

  it('shows what is not deployed, and where there is no key', async () => {
    const lists = [listed(place, await readKeys(context, place, new FakedKeys().ports()))];
    expect(describeList(lists, 'dev', colors)).toMatch(/primary {4}eu-central-1 {2}- {2}no key\n/);
  });
});

describe('the report of a rotation (S4.3)', () => {
  it('names the next step, and shows no key', async () => {
    const text = describeChange(await rotateKey(context, place, FakedKeys.deployed(OLD).ports()), place, colors);
    expect(text).toContain(`When nobody uses ${fingerprint(OLD)} any more: two-region keys rotate dev --finish`);
    for (const key of [OLD, ...MADE]) expect(text).not.toContain(key);
  });
});

describe('the place of a key', () => {
  it('is the parameter and the usage plan of the environment; the API environments share one', () => {
    expect(keyPlace(context, 'envB')).toEqual(keyPlace(context, undefined));
    expect(keyPlace(context, 'preview')).toMatchObject({
      parameter: 'preview_api_key',
      stackKind: 'preview',
      isLive: false,
    });
    expect(() => keyPlace(context, 'previw')).toThrow(/"previw", allowed are envA, envB, preview\..*"preview"/);
  });
});
