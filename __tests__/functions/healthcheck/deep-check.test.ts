import { describe, expect, it, vi } from 'vitest';
import { parse } from 'zod/v4/core';
import { healthcheck } from '#contract/healthcheck.ts';
import { deepCheck } from '#functions/healthcheck/deep-check.ts';

const names = ['bucket', 'table-a', 'table-b'] as const;
type Dependency = (typeof names)[number];

type Read = (signal?: AbortSignal) => Promise<undefined>;

const answered: Read = async () => undefined;

function check(failing: Partial<Record<Dependency, Read>>, deadlineMs = 60_000) {
  const onFailure = vi.fn();
  const reads = { bucket: answered, 'table-a': answered, 'table-b': answered, ...failing };
  return { onFailure, answer: deepCheck({ reads, env: 'envA', region: 'eu-central-1', deadlineMs, onFailure }) };
}

const refuse = async () => {
  throw new Error('AccessDenied: arn:aws:iam::111122223333:role/secret');
};
const hang = () => new Promise<never>(() => {});

describe('deepCheck (S0.9)', () => {
  it('answers 200 when both tables and the bucket answer, though nothing is in them', async () => {
    const { answer, onFailure } = check({});
    expect(await answer).toEqual({
      status: 200,
      body: { status: 'ok', check: 'deep', env: 'envA', region: 'eu-central-1' },
    });
    expect(onFailure).not.toHaveBeenCalled();
  });

  it.each(names)('answers 503 naming %s when it refuses, with its cause for the log only', async (name) => {
    const { answer, onFailure } = check({ [name]: refuse });
    expect(await answer).toEqual({
      status: 503,
      body: { status: 'unavailable', failing: [name], late: [], env: 'envA', region: 'eu-central-1' },
    });
    expect(onFailure.mock.calls).toEqual([[name, new Error('AccessDenied: arn:aws:iam::111122223333:role/secret')]]);
  });

  it.each(names)('counts %s as failing at the deadline when it neither answers nor heeds the signal', async (name) => {
    const { answer, onFailure } = check({ [name]: hang }, 20);
    expect((await answer).body).toMatchObject({ failing: [name], late: [name] });
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(name, expect.objectContaining({ name: 'TimeoutError' }));
  });

  it('names all that fail, whether they refuse, throw at once or hang', async () => {
    const throwAtOnce = () => {
      throw new TypeError('no client');
    };
    const { answer, onFailure } = check({ 'table-b': refuse, 'table-a': throwAtOnce, bucket: hang }, 20);
    expect((await answer).body).toMatchObject({ failing: ['bucket', 'table-a', 'table-b'], late: ['bucket'] });
    expect(onFailure).toHaveBeenCalledTimes(3);
  });

  it('aborts the reads at the deadline', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const remember = (signal?: AbortSignal) => {
      signals.push(signal);
      return hang();
    };
    await check({ bucket: remember, 'table-a': remember, 'table-b': remember }, 20).answer;
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true, true]);
  });

  it('starts all three reads before any has ended', async () => {
    let started = 0;
    let release = (_: undefined) => {};
    const barrier = new Promise<undefined>((resolve) => {
      release = resolve;
    });
    const read = () => {
      started += 1;
      if (started === 3) release(undefined);
      return barrier;
    };
    expect((await check({ bucket: read, 'table-a': read, 'table-b': read }).answer).status).toBe(200);
  });

  it('answers what its contract declares', async () => {
    for (const failing of [{}, { bucket: refuse }]) {
      const { status, body } = await check(failing).answer;
      expect(parse(healthcheck.responses[status].body, body)).toEqual(body);
    }
  });
});
