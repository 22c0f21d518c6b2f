import { describe, expect, it } from 'vitest';
import { retryWhile } from '#operator/aws/retry.ts';
import { isPassing } from '#operator/aws/setting.ts';

function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

describe('what AWS says to try again (B29)', () => {
  it.each([
    [named('ContinuousBackupsUnavailableException'), true],
    [named('OperationAborted', 'A conflicting conditional operation is currently in progress'), true],
    [named('InvalidRequest', "Versioning must be 'Enabled' on the bucket to apply a replication configuration"), true],
    [named('InvalidRequest', 'The key is too long'), false],
    [named('AccessDenied'), false],
  ])('%s: %s', async (error, isRetried) => {
    let calls = 0;
    const work = async () => {
      calls += 1;
      if (calls < 3) throw error;
      return 'done';
    };
    const outcome = await retryWhile(isPassing, work, 0).catch((thrown: unknown) => thrown);
    expect([outcome, calls]).toEqual(isRetried ? ['done', 3] : [error, 1]);
  });

  it('is named when it lasts, with what to do', async () => {
    const never = retryWhile(isPassing, () => Promise.reject(named('OperationAborted')), 0);
    await expect(never).rejects.toThrow(/^OperationAborted\nAWS says so for 0 s .+ the same command goes on\.$/);
  });
});
