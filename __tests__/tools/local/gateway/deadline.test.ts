import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadline, TIMED_OUT } from '#local/gateway/lambda-invocation.ts';

const after = <T>(milliseconds: number, result: T) =>
  new Promise<T>((resolve) => setTimeout(() => resolve(result), milliseconds));

describe('a deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives the result of what is done in time, and gives up on what is not, each when its own time is over', async () => {
    const withinASecond = createDeadline(1000);
    const settled: unknown[] = [];
    const begin = (name: string, milliseconds: number) =>
      withinASecond(after(milliseconds, name)).then((result) =>
        settled.push([performance.now(), result === TIMED_OUT ? `${name} timed out` : result]),
      );
    const start = performance.now();
    void begin('first', 999);
    void begin('second', 5000);
    await vi.advanceTimersByTimeAsync(600);
    void begin('third', 5000);
    await vi.advanceTimersByTimeAsync(3000);
    void begin('fourth', 10);
    await vi.advanceTimersByTimeAsync(3000);
    expect(settled).toEqual([
      [start + 999, 'first'],
      [start + 1000, 'second timed out'],
      [start + 1600, 'third timed out'],
      [start + 3610, 'fourth'],
    ]);
  });

  it('passes on why work failed', async () => {
    await expect(createDeadline(1000)(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('leaves one timer behind, that keeps no process alive', async () => {
    const withinASecond = createDeadline(1000);
    await Promise.all(Array.from({ length: 100 }, () => withinASecond(Promise.resolve('done'))));
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
