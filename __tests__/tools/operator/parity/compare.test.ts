import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { compareRegions } from '#operator/parity/compare.ts';
import { describeParity } from '#operator/parity/describe-parity.ts';
import { type Fact, factValue, readFacts } from '#operator/parity/fact.ts';
import { twoRegions } from './regions.ts';

const fact = (kind: string, name: string, value: string): Fact => ({ kind, name, value });
const text = (factsOf: Parameters<typeof twoRegions>[0]) =>
  describeParity(compareRegions(...twoRegions(factsOf)), pc.createColors(false));

describe('a comparison of two regions (B7)', () => {
  it('finds nothing where every fact is the same', () => {
    const parity = compareRegions(...twoRegions(() => [fact('memory', 'user in envA', '256 MB')]));
    expect(parity).toEqual({
      regions: { primary: 'eu-central-1', secondary: 'eu-west-1' },
      same: 1,
      differences: [],
      allowed: [],
    });
  });

  it('finds what differs, and what only one region has', () => {
    const [primary, secondary] = twoRegions((_, type) => [
      fact('memory', 'user in envA', type === 'primary' ? '256 MB' : '512 MB'),
      fact(`only in ${type}`, 'user', 'x'),
    ]);
    expect(compareRegions(primary, secondary).differences).toEqual([
      { kind: 'memory', name: 'user in envA', primary: '256 MB', secondary: '512 MB' },
      { kind: 'only in primary', name: 'user', primary: 'x', secondary: null },
      { kind: 'only in secondary', name: 'user', primary: null, secondary: 'x' },
    ]);
  });

  it('lets values and names hold the region that they are in, and no other', () => {
    const own = compareRegions(
      ...twoRegions((region, type) => [
        fact('role', `alarm-${region}`, `arn:aws:iam::1:role/app-${type}`),
        fact('environment variable', 'DATA_BUCKET_NAME', `app-data-${region}-1`),
      ]),
    );
    expect(own.differences).toEqual([]);
    expect(own.allowed.map(({ why }) => why)).toEqual(Array(2).fill('Names hold the region that they are in.'));
    const others = compareRegions(
      ...twoRegions((region) => [
        fact('environment variable', 'X', region === 'eu-west-1' ? 'eu-central-1' : 'eu-west-1'),
      ]),
    );
    expect(others.differences).toHaveLength(1);
  });

  it('lets the names lead where a staggered switch has them, and nowhere else (B28)', () => {
    const stagger = { regionType: 'secondary', from: 'envA', to: 'envB', until: '2026-01-02T03:20:00.000Z' } as const;
    const targets = (secondary: string) =>
      twoRegions((_, type) => [fact('target', 'REST API', type === 'primary' ? 'envA' : secondary)]);
    const { differences, allowed } = compareRegions(...targets('envB'), stagger);
    expect(differences).toEqual([]);
    expect(allowed).toMatchObject([
      {
        name: 'REST API',
        why: 'The stage is staggered until 2026-01-02T03:20:00Z: envB in the secondary region, envA in the primary region.',
      },
    ]);
    expect(compareRegions(...targets('envC'), stagger).differences).toHaveLength(1);
    expect(compareRegions(...targets('envB')).differences).toHaveLength(1);
  });

  it('lets versions differ, but not be missing', () => {
    const { differences, allowed } = compareRegions(
      ...twoRegions((_, type) => [
        fact('version', 'user in envA', type === 'primary' ? '2' : '5'),
        ...(type === 'primary' ? [fact('version', 'user in envB', '2')] : []),
      ]),
    );
    expect(allowed).toMatchObject([{ name: 'user in envA', why: expect.stringContaining('by itself') }]);
    expect(differences).toMatchObject([{ name: 'user in envB', secondary: null }]);
  });

  it('is one table of what may not differ, and one per reason of what may', () => {
    const lines = text((_, type) => [
      ...['envA', 'envB'].map((env) => fact('memory', `user in ${env}`, type === 'primary' ? '256 MB' : '512 MB')),
      fact('version', 'user in envA', type === 'primary' ? '2' : '5'),
      fact('timeout', 'user in envA', '10 s'),
    ]).split('\n');
    expect(lines).toEqual([
      'The regions differ in 2 of 4 facts:',
      expect.stringMatching(/primary eu-central-1 {2}secondary eu-west-1$/),
      expect.stringMatching(/^ {2}memory {2}user in envA, envB {2}256 MB {16}512 MB$/),
      '',
      'May differ: Each region counts the versions of a function by itself; the code behind them is compared.',
      expect.stringMatching(/primary eu-central-1/),
      expect.stringMatching(/^ {2}version {2}user in envA {2}2 +5$/),
    ]);
  });

  it('shows a long value on one line, with its end', () => {
    const long = (type: string) => `${'words '.repeat(40)}\n${type === 'primary' ? 'one' : 'other'}-end`;
    const line = text((_, type) => [fact('parameter', 'map', long(type))]).split('\n')[2] ?? '';
    expect(line).toMatch(/words.+….+one-end {2}words.+….+other-end$/);
  });
});

describe('facts (B7)', () => {
  it('come in order of kind and name, whoever answers first', async () => {
    const readers = [async () => [fact('b', 'y', '1'), fact('b', 'x', '2')], async () => [fact('a', 'z', '3')]];
    const { facts } = await readFacts({ regionType: 'primary', region: 'eu-central-1' }, readers);
    expect(facts.map(({ kind, name }) => kind + name)).toEqual(['az', 'bx', 'by']);
  });

  it('read alike whatever the order of their keys is', () => {
    expect(factValue({ b: [{ y: 1, x: undefined }], a: 2 })).toBe(factValue({ a: 2, b: [{ y: 1 }] }));
    expect([factValue(undefined), factValue(null), factValue(0)]).toEqual(['-', '-', '0']);
  });
});
