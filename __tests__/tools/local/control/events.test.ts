import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '#local/control/client.ts';
import { startControl } from '#local/control/server.ts';
import type { EventQuery } from '#local/events/event-query.ts';
import { type RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import { stoppedControls } from '#tests/tools/operator/call/stopped-controls.ts';

let directory: string;
let service: Service;
let log: RuntimeLog;
let client: ControlClient;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'events-'));
  log = new RuntimeLog();
  service = await startControl({ controls: stoppedControls, log, directory });
  client = await connectControl(directory);
});
afterEach(async () => {
  await service.close();
  await rm(directory, { recursive: true });
});

const access = (region: 'primary' | 'secondary', environment: string, requestId: string): RuntimeEvent => ({
  kind: 'access',
  time: 10,
  region,
  environment,
  logGroup: '/aws/apigateway/app',
  requestId,
  line: '{"path":"/envA/hello"}',
});
const printed = (name: string, environment: string, requestId: string, line: string): RuntimeEvent => ({
  kind: 'function',
  time: 20,
  region: 'primary',
  environment,
  logGroup: `/aws/lambda/app-dev-${name}`,
  requestId,
  line,
});
const events = {
  inA: access('primary', 'envA', 'gateway-1'),
  inB: access('secondary', 'envB', 'gateway-2'),
  user: printed('user', 'envA', 'lambda-1', '{"correlation_id":"gateway-1"}'),
  powerUser: printed('power-user', 'envB', 'lambda-2', 'hello'),
  moved: { kind: 'control', time: 30, action: 'move', part: 'routing', from: 'envA', to: 'envB' },
  warned: { kind: 'warning', time: 40, message: 'gateway-1' },
} as const satisfies Record<string, RuntimeEvent>;

describe('the events of a runtime', () => {
  it.each<[EventQuery, (keyof typeof events)[]]>([
    [{}, ['inA', 'inB', 'user', 'powerUser', 'moved', 'warned']],
    [{ region: 'secondary' }, ['inB']],
    [{ environment: 'envA' }, ['inA', 'user']],
    [{ function: 'power-user' }, ['powerUser']],
    [{ function: 'app-dev-user' }, ['user']],
    [{ function: 'user' }, ['user', 'powerUser']],
    [{ function: 'ser' }, []],
    [{ requestId: 'gateway-1' }, ['inA', 'user']],
    [{ requestId: 'lambda-2' }, ['powerUser']],
    [{ requestId: 'hello' }, []],
    [{ requestId: 'gateway' }, []],
    [{ since: 20, kinds: ['access', 'control'] }, ['moved']],
    [{ environment: 'envB', kinds: ['function'] }, ['powerUser']],
  ])('are found by %o', async (query, found) => {
    for (const event of Object.values(events)) log.write(event);
    expect(await client.events(query)).toEqual(found.map((name) => events[name]));
  });

  it('come as they are written to whoever follows, after those that were, until the runtime ends', async () => {
    log.write(events.inA);
    const following = client.follow({ kinds: ['access', 'warning'] })[Symbol.asyncIterator]();
    expect(await following.next()).toEqual({ done: false, value: events.inA });
    const next = following.next();
    log.write(events.moved);
    log.write(events.warned);
    expect(await next).toEqual({ done: false, value: events.warned });
    const end = following.next();
    await service.close();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  it('are not followed without a word when the runtime refuses to send them', async () => {
    const following = client.follow({ since: Number.NaN })[Symbol.asyncIterator]();
    await expect(following.next()).rejects.toThrow('since is a time in milliseconds since the epoch.');
  });
});
