import { describe, expect, it } from 'vitest';
import type { LambdaFunction, LocalModel } from '#local/model/model.ts';
import { VersionBook } from '#local/release/version-book.ts';
import { twoRegions } from '#tests/tools/local/support/two-regions.ts';

const base = twoRegions('/nowhere');

/** The model with its functions changed in one region or both. */
function withFunctions(
  change: Partial<LambdaFunction>,
  regions: readonly string[] = ['primary', 'secondary'],
): LocalModel {
  const { primary, secondary } = base.regions;
  const changed = (region: typeof primary) =>
    regions.includes(region.type)
      ? { ...region, functions: region.functions.map((each) => ({ ...each, ...change })) }
      : region;
  return { ...base, regions: { primary: changed(primary), secondary: changed(secondary) } };
}

const numbers = ({ regions }: LocalModel) =>
  [regions.primary, regions.secondary].map(({ functions: [first] }) => [
    first?.version,
    first?.aliases[0]?.functionVersion,
  ]);

describe('versions of a function (B13)', () => {
  it.each([
    ['code', { codeSha256: 'other' }],
    ['memory', { memoryMb: 256 }],
    ['timeout', { timeoutSeconds: 11 }],
    ['a variable', { environment: { REGION_TYPE: 'primary', NEW: '1' } }],
    ['the role', { roleArn: 'arn:aws:iam::000000000000:role/other' }],
  ])('count up when %s has changed, and the alias leads to the new one', (_, change) => {
    expect(numbers(new VersionBook(base).publish(withFunctions(change)).model)).toEqual([
      ['2', '2'],
      ['2', '2'],
    ]);
  });

  it('stay when nothing has changed, whatever the order of variables', () => {
    const book = new VersionBook(withFunctions({ environment: { A: '1', B: '2' } }));
    expect(numbers(book.publish(withFunctions({ environment: { B: '2', A: '1' } })).model)).toEqual([
      ['1', '1'],
      ['1', '1'],
    ]);
  });

  it('count in each region by itself, and an alias on $LATEST stays there', () => {
    const aliases = [{ name: 'preview', functionVersion: '$LATEST' }];
    const { model } = new VersionBook(base).publish(withFunctions({ codeSha256: 'other', aliases }, ['secondary']));
    expect(numbers(model)).toEqual([
      ['1', '1'],
      ['2', '$LATEST'],
    ]);
  });

  it('are published by what enters the book alone, and an earlier content is a new version again', () => {
    const book = new VersionBook(base);
    book.publish(withFunctions({ codeSha256: 'given up' }));
    const second = book.publish(withFunctions({ codeSha256: 'two' }));
    expect(numbers(second.model)[0]).toEqual(['2', '2']);
    second.enter();
    expect(numbers(book.publish(base).model)[0]).toEqual(['3', '3']);
  });
});
