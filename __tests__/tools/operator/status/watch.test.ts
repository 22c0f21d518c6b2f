import { describe, expect, it } from 'vitest';
import { watch } from '#operator/status/run-status.ts';

describe('watching (S0.15)', () => {
  it('goes on when a look fails, and ends with the signal', async () => {
    const ended = new AbortController();
    const failures: unknown[] = [];
    let looks = 0;
    await watch(
      async () => {
        looks += 1;
        if (looks === 2) throw new Error('no network');
        if (looks === 4) ended.abort();
      },
      { seconds: 0.001, signal: ended.signal, onFailure: (error) => failures.push(error) },
    );
    expect({ looks, failures: failures.map(String) }).toEqual({ looks: 4, failures: ['Error: no network'] });
  });

  it('ends at once when the first look fails', async () => {
    const failure = new Error('no credentials');
    const { signal } = new AbortController();
    const failures: unknown[] = [];
    const options = { seconds: 0.001, signal, onFailure: (error: unknown) => failures.push(error) };
    await expect(watch(() => Promise.reject(failure), options)).rejects.toBe(failure);
    expect(failures).toEqual([]);
  });
});
