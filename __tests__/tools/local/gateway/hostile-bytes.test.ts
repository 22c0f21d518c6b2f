import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { hostileBytes } from '#tests/support/hostile/bytes.ts';
import { sendRaw } from './rest/support/send.ts';
import { KINDS } from './support/kinds.ts';

describe.each(KINDS)('bytes that a client of $kind APIs sends', ({ startOpen, nowhere }) => {
  const leadsNowhere = new RegExp(`^HTTP/1\\.1 ${nowhere.status} `);

  it.each(hostileBytes({ path: '/envA/any/x', foreignHost: leadsNowhere, asterisk: leadsNowhere }))(
    'what is %s ends in a plain response, and the gateway lives',
    async (_, bytes, response) => {
      const gateway = await startOpen();
      expect(await sendRaw(gateway.port, bytes)).toMatch(response);
      expect((await gateway.send('/envA/any/x')).status).toBe(200);
    },
  );

  it('survives clients that go away in the middle of a body', async () => {
    const gateway = await startOpen();
    await new Promise<void>((resolve) => {
      const options = { port: gateway.port, path: '/envA/any/x', method: 'POST', headers: { 'content-length': 100 } };
      const asked = request(options).on('error', () => resolve());
      asked.write('half', () => asked.destroy());
      asked.on('close', () => resolve());
    });
    expect((await gateway.send('/envA/any/x')).status).toBe(200);
    expect(gateway.warnings()).toEqual([]);
  });
});
