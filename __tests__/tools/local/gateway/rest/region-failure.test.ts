import { describe, expect, it } from 'vitest';
import { deferred } from './support/deferred.ts';
import { OK, startTestGateway } from './support/gateway.ts';

describe('B4: a failed region', () => {
  it('destroys new connections until it recovers', async () => {
    const gateway = await startTestGateway();
    gateway.setFailed(true);
    await expect(gateway.send('/envA/test')).rejects.toThrow(/ECONNRESET|socket hang up/);
    gateway.setFailed(false);
    expect((await gateway.send('/envA/test')).status).toBe(200);
  });

  it('destroys the connections that are open, a request under way among them', async () => {
    const invoked = deferred();
    const gateway = await startTestGateway({
      invoke: async () => {
        invoked.resolve();
        await new Promise(() => {});
        return OK;
      },
    });
    const underWay = expect(gateway.send('/envA/test')).rejects.toThrow(/ECONNRESET|socket hang up/);
    await invoked.promise;
    gateway.setFailed(true);
    await underWay;
  });

  it('lets a function finish whose client is gone, without harm', async () => {
    const invoked = deferred();
    const finish = deferred();
    const gateway = await startTestGateway({
      invoke: async () => {
        invoked.resolve();
        await finish.promise;
        return OK;
      },
    });
    const underWay = expect(gateway.send('/envA/test')).rejects.toThrow();
    await invoked.promise;
    gateway.setFailed(true);
    await underWay;
    finish.resolve();
    gateway.setFailed(false);
    expect((await gateway.send('/envA/test')).status).toBe(200);
    expect(gateway.warnings()).toEqual([]);
  });
});
