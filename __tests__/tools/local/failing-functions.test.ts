import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';
import { assignPorts } from '#local/runtime/ports.ts';
import { startServices } from '#local/runtime/start-services.ts';
import { Startup } from '#local/runtime/startup.ts';
import { findTargetParts } from '#local/target/target-parts.ts';
import { twoRegionsWith } from './support/two-regions-with.ts';

const PACKAGE = {
  'index.js': `
    exports.handler = async () => ({ statusCode: 200, body: process.env.REGION_TYPE });
    const cyclic = { statusCode: 200 };
    cyclic.secret = cyclic;
    const answers = {
      error: () => { throw new Error('secret of /srv/internal.js:1:1'); },
      undefined: () => { throw undefined; },
      text: () => 'secret',
      nothing: () => {},
      status: () => ({ statusCode: 'secret', body: 'x' }),
      body: () => ({ statusCode: 200, body: { secret: true } }),
      headers: () => ({ statusCode: 200, headers: 'secret', body: 'x' }),
      cyclic: () => cyclic,
    };
    exports.answers = async ({ queryStringParameters }) => answers[queryStringParameters.with]();
    const hang = () => new Promise(() => setInterval(() => {}, 1000));
    exports.hangs = hang;
    exports.spins = () => { for (;;); };
    exports.exits = async () => process.exit(1);
    exports.crashes = async () => { setImmediate(() => { throw new Error('secret'); }); await hang(); };
    exports.waits = async () => {
      console.log('waiting');
      const { existsSync } = require('node:fs');
      while (!existsSync(__dirname + '/released')) await new Promise((resolve) => setTimeout(resolve, 10));
      return { statusCode: 200, body: process.env.REGION_TYPE };
    };`,
  'broken.js': `throw new Error('secret at load');`,
};

const FUNCTIONS = [
  { name: 'answers', handler: 'index.answers' },
  { name: 'hangs', handler: 'index.hangs', timeoutSeconds: 1 },
  { name: 'spins', handler: 'index.spins', timeoutSeconds: 1 },
  { name: 'exits', handler: 'index.exits' },
  { name: 'crashes', handler: 'index.crashes' },
  { name: 'missing', handler: 'index.missing' },
  { name: 'broken', handler: 'broken.handler' },
  { name: 'slow', handler: 'index.hangs', timeoutSeconds: 2, integrationTimeoutMilliseconds: 200 },
  { name: 'waits', handler: 'index.waits' },
];

/** What is asked for, and the status that it is answered with. */
const FAILURES = [
  { what: 'throws an error', path: '/answers?with=error', status: 502 },
  { what: 'throws undefined', path: '/answers?with=undefined', status: 502 },
  { what: 'answers with a text', path: '/answers?with=text', status: 502 },
  { what: 'answers with nothing', path: '/answers?with=nothing', status: 502 },
  { what: 'answers with a status that is none', path: '/answers?with=status', status: 502 },
  { what: 'answers with a body that is no text', path: '/answers?with=body', status: 502 },
  { what: 'answers with headers that are none', path: '/answers?with=headers', status: 502 },
  { what: 'answers with what JSON cannot hold', path: '/answers?with=cyclic', status: 502 },
  { what: 'hangs past its timeout', path: '/hangs', status: 502 },
  { what: 'holds the event loop past its timeout', path: '/spins', status: 502 },
  { what: 'exits', path: '/exits', status: 502 },
  { what: 'crashes outside of the handler', path: '/crashes', status: 502 },
  { what: 'has no such handler', path: '/missing', status: 502 },
  { what: 'throws while it is loaded', path: '/broken', status: 502 },
  { what: 'takes longer than the gateway waits', path: '/slow', status: 504 },
];

let directory: string;
let startup: Startup;
let services: Awaited<ReturnType<typeof startServices>>;
const log = new RuntimeLog();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'failing-'));
  for (const [file, text] of Object.entries(PACKAGE)) await writeFile(join(directory, file), text);
  startup = new Startup();
  services = await startServices(startup, {
    model: twoRegionsWith(directory, FUNCTIONS),
    targetParts: findTargetParts('dev', [], { parameter: () => undefined }),
    usagePlans: () => ({ primary: [], secondary: [] }),
    parameters: {},
    ports: assignPorts(0),
    replicationLagMilliseconds: 0,
    timeScale: 100,
    directory,
    log,
  });
});
afterAll(async () => {
  await startup.close();
  await rm(directory, { recursive: true });
});

async function get(region: 'entry' | 'primary' | 'secondary', path: string) {
  const { entry, regions } = services.summary;
  const url = `${region === 'entry' ? entry : regions[region].environments.envA}${path}`;
  // A connection that is kept alive stays with the region that it was made to.
  const response = await fetch(url, { headers: { connection: 'close' } });
  return { status: response.status, body: await response.text() };
}

function nextEvent(matches: (event: RuntimeEvent) => boolean): Promise<RuntimeEvent> {
  return new Promise((resolve) => {
    const end = log.subscribe((event) => {
      if (!matches(event)) return;
      end();
      resolve(event);
    });
  });
}

describe('a function that fails (B1)', () => {
  it.concurrent.each(FAILURES)(
    "$what: that request's $status, without the cause, and the next one's",
    async ({ path, status }) => {
      const healthy = get('primary', '/healthcheck');
      const body = JSON.stringify({ message: status === 504 ? 'Endpoint request timed out' : 'Internal server error' });
      expect(await get('primary', path)).toEqual({ status, body });
      expect(await get('entry', path)).toEqual({ status, body });
      expect(await healthy).toEqual({ status: 200, body: 'primary' });
      expect(await get('secondary', '/healthcheck')).toEqual({ status: 200, body: 'secondary' });
    },
  );

  it('has its cause in the log, with route, environment and function', () => {
    const warnings = log.query(({ kind }) => kind === 'warning').map((event) => JSON.stringify(event));
    for (const { path, status } of FAILURES) {
      const [name = ''] = path.slice(1).split('?');
      if (status !== 502) continue;
      expect(warnings).toContainEqual(expect.stringContaining(`502 for GET /${name} in envA, function ${name}: `));
    }
    expect(warnings).toContainEqual(expect.stringContaining('secret of /srv/internal.js:1:1'));
  });
});

describe('S0.17: a failover with requests under way', () => {
  it('breaks off those of the failed region and no other, and moves the entry', async () => {
    let waiting = 0;
    const allWait = nextEvent(
      (event) => event.kind === 'function' && event.line.includes('waiting') && ++waiting === 5,
    );
    const outcomeOf = (request: Promise<{ status: number; body: string }>) =>
      request.then(({ status, body }) => `${status} ${body}`).catch(() => 'broken off');
    const failing = (['entry', 'entry', 'primary'] as const).map((at) => outcomeOf(get(at, '/waits')));
    const staying = ['/waits', '/waits'].map((path) => outcomeOf(get('secondary', path)));
    await allWait;
    const moved = nextEvent(({ kind }) => kind === 'entry');
    services.controls.fail('primary');
    expect(await Promise.all(failing)).toEqual(['broken off', 'broken off', 'broken off']);
    await moved;
    await writeFile(join(directory, 'released'), '');
    expect(await Promise.all(staying)).toEqual(['200 secondary', '200 secondary']);
    expect(await get('entry', '/waits')).toEqual({ status: 200, body: 'secondary' });
    const back = nextEvent(({ kind }) => kind === 'entry');
    services.controls.recover('primary');
    await back;
    expect(await get('entry', '/waits')).toEqual({ status: 200, body: 'primary' });
  });
});
