import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterRunning, runningTime, stand } from '#local/debug/running-time.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the time in which no function stands at a breakpoint (B14)', () => {
  it('passes, stops while one or several stand, and goes on with the last of them', () => {
    const start = runningTime();
    vi.advanceTimersByTime(100);
    const [one, other] = [stand(), stand()];
    vi.advanceTimersByTime(1000);
    one();
    one();
    vi.advanceTimersByTime(1000);
    expect(runningTime() - start).toBe(100);
    other();
    vi.advanceTimersByTime(50);
    expect(runningTime() - start).toBe(150);
  });

  it('is what a limit is measured by: none runs out while a function stands', () => {
    const limit = vi.fn();
    afterRunning(500, limit);
    vi.advanceTimersByTime(400);
    const goOn = stand();
    vi.advanceTimersByTime(10_000);
    expect(limit).not.toHaveBeenCalled();
    goOn();
    vi.advanceTimersByTime(99);
    expect(limit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(limit).toHaveBeenCalledOnce();
  });

  it('has limits that can be ended', () => {
    const limit = vi.fn();
    const end = afterRunning(500, limit);
    vi.advanceTimersByTime(300);
    end();
    vi.advanceTimersByTime(1000);
    expect(limit).not.toHaveBeenCalled();
  });
});
