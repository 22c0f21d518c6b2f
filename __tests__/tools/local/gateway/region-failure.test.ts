import { describe, expect, it } from 'vitest';
import { deferred } from './rest/support/deferred.ts';
import { KINDS } from './support/kinds.ts';

const PATH = '/envA/any/x';

describe.each(KINDS)('B4: the $kind APIs of a failed region', ({ startOpen }) => {
  it('destroy new connections until it recovers', async () => {
    const gateway = await startOpen();
    gateway.setFailed(true);
    await expect(gateway.send(PATH)).rejects.toThrow(/ECONNRESET|socket hang up/);
    gateway.setFailed(false);
    expect((await gateway.send(PATH)).status).toBe(200);
  });

  it('destroy the connections that are open, a request under way among them', async () => {
    const invoked = deferred();
    const gateway = await startOpen(() => {
      invoked.resolve();
      return new Promise(() => {});
    });
    const underWay = expect(gateway.send(PATH)).rejects.toThrow(/ECONNRESET|socket hang up/);
    await invoked.promise;
    gateway.setFailed(true);
    await underWay;
  });

  it('let a function finish whose client is gone, without harm', async () => {
    const invoked = deferred();
    const finish = deferred();
    const gateway = await startOpen(async () => {
      invoked.resolve();
      await finish.promise;
      return 'late';
    });
    const underWay = expect(gateway.send(PATH)).rejects.toThrow();
    await invoked.promise;
    gateway.setFailed(true);
    await underWay;
    finish.resolve();
    gateway.setFailed(false);
    expect(await gateway.send(PATH)).toMatchObject({ status: 200, text: 'late' });
    expect(gateway.warnings()).toEqual([]);
  });
});
