import { describe, expect, it } from 'vitest';
import { deferred } from '#tests/tools/local/gateway/rest/support/deferred.ts';
import { startTestGateway } from './support/gateway.ts';

describe('B4: the HTTP APIs of a failed region', () => {
  it('destroy connections, those under way among them, until it recovers', async () => {
    const invoked = deferred();
    const gateway = await startTestGateway({
      invoke: async () => {
        invoked.resolve();
        await finish.promise;
        return { ok: true, requestId: 'i-1', payload: 'late' };
      },
    });
    const finish = deferred();
    const underWay = expect(gateway.send('/envA/events')).rejects.toThrow(/ECONNRESET|socket hang up/);
    await invoked.promise;
    gateway.setFailed(true);
    await underWay;
    await expect(gateway.send('/envA/events')).rejects.toThrow(/ECONNRESET|socket hang up/);
    finish.resolve();
    gateway.setFailed(false);
    expect(await gateway.send('/envA/events')).toMatchObject({ status: 200, text: 'late' });
    expect(gateway.warnings()).toEqual([]);
  });
});
