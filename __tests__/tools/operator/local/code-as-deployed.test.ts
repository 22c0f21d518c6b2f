import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FunctionCode } from '#local/release/releases.ts';
import { codeAsDeployed } from '#operator/local/watch/code-as-deployed.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const quick = (codeSha256: string): FunctionCode => ({ source: `/quick/${codeSha256}`, codeSha256 });
const deployed: FunctionCode = { source: '/deployed/index.js', codeSha256: 'deployed' };

/** A build takes half a second. */
function watched() {
  const given: ReadonlyMap<string, FunctionCode>[] = [];
  const buildAsDeployed = async (names: readonly string[]) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return new Map(names.map((name) => [name, deployed]));
  };
  const give = async (code: ReadonlyMap<string, FunctionCode>) => {
    given.push(code);
  };
  return { given, code: codeAsDeployed({ buildAsDeployed }, give) };
}

it('a second after the last save functions have the code of a deploy, and run what they ran (B14)', async () => {
  const { given, code } = watched();
  code.served(new Map([['user', quick('1')]]));
  code.again();
  await vi.advanceTimersByTimeAsync(900);
  code.served(new Map([['test', quick('2')]]));
  code.again();
  await vi.advanceTimersByTimeAsync(1400);
  expect(given).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  expect(given).toEqual([
    new Map([
      ['user', { ...deployed, runs: quick('1') }],
      ['test', { ...deployed, runs: quick('2') }],
    ]),
  ]);
  code.again();
  await vi.advanceTimersByTimeAsync(2000);
  expect(given).toHaveLength(1);
});

it('what a save overtakes is not given, and comes after it (B14)', async () => {
  const { given, code } = watched();
  code.served(new Map([['user', quick('1')]]));
  code.again();
  await vi.advanceTimersByTimeAsync(1200);
  code.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(given).toEqual([]);
  // The file that was saved made nothing of it.
  code.again();
  await vi.advanceTimersByTimeAsync(1500);
  expect(given).toEqual([new Map([['user', { ...deployed, runs: quick('1') }]])]);
});

it('a synthesis brings that code, but for functions whose sources have changed with it (B14)', async () => {
  const { given, code } = watched();
  code.served(
    new Map([
      ['user', quick('1')],
      ['test', quick('2')],
    ]),
  );
  code.again();
  const bundled = new Map([
    ['user', deployed],
    ['test', deployed],
    ['events', deployed],
  ]);
  expect(code.take(bundled, ['test'])).toEqual(new Map([['user', { ...deployed, runs: quick('1') }]]));
  await vi.advanceTimersByTimeAsync(3000);
  expect(given).toEqual([]);
});
