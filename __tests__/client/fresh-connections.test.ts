import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '#client/client.ts';
import { freshConnections } from '#client/fresh-connections.ts';
import { listen, type Service } from '#local/http/listen.ts';

let service: Service | undefined;
afterEach(async () => service?.close());

/** Asks a server twice, with a pause. @returns from how many connections it was asked */
async function connections(maxAgeMilliseconds?: number) {
  const seen = new Set<number | undefined>();
  const server = createServer((request, response) => {
    seen.add(request.socket.remotePort);
    response.setHeader('content-type', 'application/json');
    response.end('{"status":"ok","check":"shallow","env":"envA","region":"eu-west-1"}');
  });
  const listening = await listen(server, 0);
  service = listening;
  const client = createClient({ baseUrl: listening.url, fetch: freshConnections(maxAgeMilliseconds) });
  for (const _ of ['first', 'second']) {
    expect(await client.healthcheck()).toMatchObject({ status: 200, body: { region: 'eu-west-1' } });
    await sleep(20);
  }
  return seen.size;
}

describe('connections of the client (B23)', () => {
  it('are used again while they are young, and not beyond their greatest age', async () => {
    expect(await connections()).toBe(1);
    await service?.close();
    expect(await connections(5)).toBe(2);
  });
});
