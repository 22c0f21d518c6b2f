import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { typesBeside } from '#operator/local/watch/types-beside.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A compiler that takes two seconds, unless it is ended. */
function watched() {
  const signals: (AbortSignal | undefined)[] = [];
  const told: (readonly string[])[] = [];
  const find = async (_: string, { signal }: { signal?: AbortSignal } = {}) => {
    signals.push(signal);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return [`mistake ${signals.length}`];
  };
  return { signals, told, types: typesBeside('.', find, (mistakes) => told.push(mistakes)) };
}

it('starts one compiler for several changes in a row, once nothing has changed for a second (B14)', async () => {
  const { signals, told, types } = watched();
  for (let change = 0; change < 5; change++) {
    types.again();
    await vi.advanceTimersByTimeAsync(900);
  }
  expect(signals).toEqual([]);
  await vi.advanceTimersByTimeAsync(2100);
  expect({ compilers: signals.length, told }).toEqual({ compilers: 1, told: [['mistake 1']] });
});

it('ends a compiler that the next change overtakes, and tells nothing of what it found (B14)', async () => {
  const { signals, told, types } = watched();
  types.again();
  await vi.advanceTimersByTimeAsync(1500);
  types.stop();
  expect(signals[0]?.aborted).toBe(true);
  types.again();
  await vi.advanceTimersByTimeAsync(3000);
  expect(told).toEqual([['mistake 2']]);
});

it('begins nothing once it is stopped (B14)', async () => {
  const { signals, types } = watched();
  types.again();
  types.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(signals).toEqual([]);
});
