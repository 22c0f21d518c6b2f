import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen } from '#local/http/listen.ts';
import { assignPorts, explainTakenPort, PortTakenError, requireFreePorts } from '#local/runtime/ports.ts';

const anyFree = { entry: 0, primary: 0, secondary: 0 };

describe('the ports', () => {
  it("follow the entry's, and are all free ones for 0", () => {
    expect(assignPorts(3000)).toEqual({
      rest: { entry: 3000, primary: 3001, secondary: 3002 },
      http: { entry: 3005, primary: 3003, secondary: 3004 },
      aws: 0,
    });
    expect(assignPorts(0, 4000)).toEqual({ rest: anyFree, http: anyFree, aws: 4000 });
  });

  it('that are taken are all named, with what they are for and the flag', async () => {
    const [first, second] = await Promise.all([listen(createServer(), 0), listen(createServer(), 0)]);
    const ports = {
      rest: { ...anyFree, entry: first.port },
      http: { ...anyFree, secondary: second.port },
      aws: 0,
    };
    const check = requireFreePorts(ports);
    await expect(check).rejects.toThrow(PortTakenError);
    await expect(check).rejects.toThrow(
      `Ports ${first.port} (entry), ${second.port} (HTTP API of the secondary region) are taken. --port sets`,
    );
    await Promise.all([first.close(), second.close()]);
    await expect(requireFreePorts(ports)).resolves.toBeUndefined();
  });

  it('of the services are named as well, and so is one that is asked for twice (B14)', async () => {
    const taken = await listen(createServer(), 0);
    const services = requireFreePorts({ ...assignPorts(0), aws: taken.port - 1 }, ['dynamodb']);
    await expect(services).rejects.toThrow(`Port ${taken.port} (dynamodb of the secondary region) is taken.`);
    await taken.close();
    const twice = requireFreePorts({ ...assignPorts(0), http: { ...anyFree, entry: taken.port }, aws: taken.port }, [
      's3',
    ]);
    await expect(twice).rejects.toThrow(`${taken.port} (s3 of the primary region)`);
  });

  it('that are taken between the check and the start are explained the same way', () => {
    const late = Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 3001 });
    expect(explainTakenPort(late)).toMatchObject({ name: 'PortTakenError', message: expect.stringContaining('3001') });
    const other = new Error('other');
    expect(explainTakenPort(other)).toBe(other);
  });
});
