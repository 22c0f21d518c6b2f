import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { json, text } from 'node:stream/consumers';
import { stop } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuntimeControls } from '#local/control/controls.ts';
import type { Contents } from '#local/data/contents.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { pageFiles } from '#local/page/bundle.ts';
import type { PageCommand } from '#local/page/commands.ts';
import type { PageMessage } from '#local/page/messages.ts';
import { type Page, startPage } from '#local/page/server.ts';
import { stoppedControls } from '#tests/tools/operator/call/stopped-controls.ts';

let page: Page;
let log: RuntimeLog;
let contents: Contents = {};
const done: string[] = [];
beforeEach(async () => {
  log = new RuntimeLog();
  done.splice(0);
  const controls: RuntimeControls = {
    ...stoppedControls,
    data: { ...stoppedControls.data, contents: () => contents },
    fail: (region) => void done.push(`fail ${region}`),
    recover: (region) => void done.push(`recover ${region}`),
  };
  const run = async () => {
    done.push('switch');
    return { exitCode: 0, text: 'moved' };
  };
  const drill: PageCommand = {
    what: 'The primary region is lost.',
    isLong: true,
    run: async ({ onLine, signal }) => {
      onLine('losing it …');
      await once(signal, 'abort');
      done.push('mended');
      return { exitCode: 1, text: 'Interrupted.' };
    },
  };
  const explorer = {
    operations: [],
    call: async (asked: unknown) => {
      done.push(`call ${JSON.stringify(asked)}`);
      return { problem: 'No route.' };
    },
  };
  page = await startPage({
    controls,
    log,
    port: 0,
    commands: { switch: { what: 'Traffic moves.', run }, drill },
    explorer,
  });
});
afterEach(() => page.close());

const token = () => page.url.split('#')[1] ?? '';

/** A request as any program, or a browser on behalf of any page, can make it. */
async function ask(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  const { hostname, port } = new URL(page.url);
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers }, resolve);
    request.once('error', reject);
    request.end(body);
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    text: () => text(response),
    json: () => json(response),
  };
}
const withToken = (headers: Record<string, string> = {}) => ({ authorization: `Bearer ${token()}`, ...headers });

describe("the page's server (B15)", () => {
  it('does what its buttons say, for whoever has the token', async () => {
    expect((await ask('POST', '/api/regions/primary/fail', withToken())).status).toBe(200);
    expect((await ask('POST', '/api/regions/primary/recover', withToken())).status).toBe(200);
    const switched = await ask('POST', '/api/commands/switch', withToken());
    expect(await switched.json()).toEqual({ exitCode: 0, text: 'moved' });
    const call = await ask('POST', '/api/calls', withToken(), '{"target":"/nowhere"}');
    expect([call.status, await call.json()]).toEqual([400, { message: 'No route.' }]);
    expect(done).toEqual(['fail primary', 'recover primary', 'switch', 'call {"target":"/nowhere"}']);
  });

  it('runs what takes minutes beside all else, one at a time, and stops it when asked to', async () => {
    const [begun, again] = [
      await ask('POST', '/api/commands/drill', withToken()),
      await ask('POST', '/api/commands/drill', withToken()),
    ];
    expect([begun.status, again.status]).toEqual([202, 409]);
    expect(await again.json()).toEqual({ message: 'drill is under way: wait until it has ended, or stop it.' });
    expect((await ask('POST', '/api/commands/switch', withToken())).status).toBe(200);
    expect((await messages(1))[0]).toMatchObject({ longCommand: { name: 'drill', line: 'losing it …' } });
    expect((await ask('DELETE', '/api/commands/switch', withToken())).status).toBe(404);
    const outcome = { exitCode: 1, text: 'Interrupted.' };
    expect(await (await ask('DELETE', '/api/commands/drill', withToken())).json()).toEqual(outcome);
    expect((await messages(1))[0]).toMatchObject({ longCommand: { name: 'drill', outcome } });
    expect((await ask('DELETE', '/api/commands/drill', withToken())).status).toBe(404);
    expect((await ask('POST', '/api/commands/drill', withToken())).status).toBe(202);
    await page.close();
    expect(done).toEqual(['switch', 'mended', 'mended']);
  });

  it('does nothing and tells nothing without the token', async () => {
    const { origin } = new URL(page.url);
    const wrong: Record<string, string>[] = [
      {},
      { authorization: 'Bearer x' },
      { authorization: `Bearer ${'0'.repeat(64)}` },
      { origin },
    ];
    for (const headers of wrong) {
      for (const [method, path] of [
        ['POST', '/api/regions/primary/fail'],
        ['POST', '/api/commands/switch'],
        ['POST', '/api/commands/drill'],
        ['DELETE', '/api/commands/drill'],
        ['GET', '/api/feed'],
        ['GET', '/api/status'],
        ['POST', '/api/calls'],
        ['GET', '/api/tables'],
        ['GET', '/api/metrics'],
        ['GET', '/api/trace?requestId=a'],
        ['GET', '/api/operations'],
        ['GET', `/api/status?token=${token()}`],
      ] as const) {
        expect((await ask(method, path, headers)).status, `${method} ${path}`).toBe(401);
      }
    }
    expect(done).toEqual([]);
  });

  it('refuses a name that was made to lead here, and pages of other origins, whatever they carry', async () => {
    const { port } = new URL(page.url);
    const foreign: Record<string, string>[] = [
      { host: `evil.example:${port}` },
      { host: 'evil.example' },
      { host: `127.0.0.1:1` },
      { host: `127.0.0.1.evil.example:${port}` },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:1` },
      { origin: `https://127.0.0.1:${port}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const refused = await ask('POST', '/api/regions/primary/fail', withToken(headers));
      expect(refused.status, JSON.stringify(headers)).toBe(403);
      expect(refused.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await ask('GET', '/', { host: 'evil.example' })).status).toBe(403);
    const preflight = await ask('OPTIONS', '/api/regions/primary/fail', { origin: 'http://evil.example' });
    expect(preflight.status).toBe(403);
    expect(done).toEqual([]);
    const own = withToken({
      origin: `http://localhost:${port}`,
      host: `localhost:${port}`,
      'sec-fetch-site': 'same-origin',
    });
    expect((await ask('POST', '/api/regions/primary/fail', own)).status).toBe(200);
  });

  it('passes on no more of the control endpoint than the page needs: no credentials, no data, no releases', async () => {
    for (const [method, path] of [
      ['GET', '/api/regions'],
      ['GET', '/api/events'],
      ['GET', '/api/permissions'],
      ['GET', '/api/data'],
      ['DELETE', '/api/data'],
      ['POST', '/api/data'],
      ['POST', '/api/releases'],
      ['POST', '/api/targets/routing'],
      ['GET', '/api/documents/switch-lock'],
      ['POST', '/api/commands/destroy'],
      ['POST', '/api/commands/constructor'],
    ] as const) {
      expect((await ask(method, path, withToken())).status, path).toBe(404);
    }
  });

  it('bundles its program though esbuild is ended at that moment, as the watch does', async () => {
    const asked = pageFiles()('GET', '/page.js');
    await stop();
    expect((await asked).status).toBe(200);
  });

  it('serves files that hold no token, load nothing from elsewhere and are shown within no other page', async () => {
    for (const [path, type] of [
      ['/', 'text/html; charset=utf-8'],
      ['/page.css', 'text/css; charset=utf-8'],
      ['/page.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const file = await ask('GET', path);
      const content = await file.text();
      expect([file.status, file.headers['content-type']], content.slice(0, 500)).toEqual([200, type]);
      expect(content).not.toContain(token());
      expect(file.headers['content-security-policy']).toMatch(
        /default-src 'none'; script-src 'self'.*frame-ancestors 'none'/,
      );
      expect(file.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    }
    expect((await ask('GET', '/../server.ts')).status).toBe(404);
    expect((await ask('POST', '/')).status).toBe(405);
  });
});

/** The first messages of the feed. */
async function messages(count: number, meanwhile = () => {}): Promise<PageMessage[]> {
  const ending = new AbortController();
  const response = await fetch(new URL('/api/feed', page.url), { headers: withToken(), signal: ending.signal });
  const found: PageMessage[] = [];
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const events = (rest + Buffer.from(chunk).toString()).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) found.push(JSON.parse(event.slice('data: '.length)));
    if (found.length === 1) meanwhile();
    if (found.length >= count) break;
  }
  ending.abort();
  return found;
}

const access = (status: string, requestId = 'id') =>
  ({
    kind: 'access',
    time: 1,
    region: 'primary',
    environment: 'envA',
    logGroup: '/api',
    requestId,
    line: JSON.stringify({ status, httpMethod: 'GET', path: '/test' }),
  }) as const;

describe('what the page is told (B15)', () => {
  it('of tables is items by region, and nothing of parameters; of metrics what came to pass lately', async () => {
    const item = { id: { S: 'a1' }, age: { N: '7' } };
    contents = {
      primary: { tables: { user: Array.from({ length: 60 }, () => item) }, parameters: { key: { value: 'k-secret' } } },
      secondary: { tables: { user: [item] }, objects: { bucket: { key: { text: 'o-secret' } } } },
    };
    const tables = await (await ask('GET', '/api/tables', withToken())).json();
    const shown = { id: 'a1', age: '7' };
    expect(tables).toEqual([
      { name: 'user', primary: { all: 60, items: Array(50).fill(shown) }, secondary: { all: 1, items: [shown] } },
    ]);
    expect(JSON.stringify(tables)).not.toContain('secret');
    expect(await (await ask('GET', '/api/metrics', withToken())).json()).toEqual({
      minutes: 5,
      metrics: [],
      alarms: [],
    });
  });

  it("of one request is its way, and what was logged of it under the gateway's id and under Lambda's", async () => {
    const common = { region: 'eu-central-1', name: 'user', time: 1, milliseconds: 1, invocation: 'b7a1c3d400004000' };
    log.spans.add({ ...common, part: 'gateway', requestId: 'gateway' });
    log.spans.add({ ...common, part: 'function', requestId: 'lambda' });
    log.write(access('200', 'gateway'));
    log.write({ ...access('200', 'lambda'), kind: 'function', logGroup: '/aws/lambda/user', line: 'hello' });
    log.write(access('200', 'another'));
    const trace = await ask('GET', '/api/trace?requestId=gateway', withToken());
    expect(await trace.json()).toMatchObject({
      spans: [{ part: 'gateway' }, { part: 'function' }],
      events: [{ requestId: 'gateway' }, { requestId: 'lambda', line: 'hello' }],
    });
    expect((await ask('GET', '/api/trace?requestId=gateway')).status).toBe(401);
  });

  it('is all at first, and then what has changed; a mistake that was saved is among it', async () => {
    log.write(access('200', 'before'));
    const [first, second] = await messages(2, () => {
      log.write(access('500', 'after'));
      page.tell({ time: 1, isMistake: true, lines: ['functions/test/handler.ts:1:16: ERROR'] });
    });
    expect(first).toMatchObject({ status: { stage: 'dev' }, stage: { commands: { switch: 'Traffic moves.' } } });
    expect(first?.events).toMatchObject([{ requestId: 'before' }]);
    expect(JSON.stringify(first)).not.toContain('secretAccessKey');
    expect(second).not.toHaveProperty('status');
    expect(second).toMatchObject({
      events: [{ requestId: 'after' }],
      requests: { primary: { all: 1, failed: 1 }, secondary: { all: 0, failed: 0 } },
      notice: { isMistake: true, lines: ['functions/test/handler.ts:1:16: ERROR'] },
    });
  });

  it('is a sample where more happens than anybody reads; what is left out is counted', async () => {
    const [, second] = await messages(2, () => {
      for (let at = 0; at < 5000; at += 1) log.write(access('200', `${at}`));
    });
    expect(second?.events).toHaveLength(50);
    expect(second?.events.at(-1)).toMatchObject({ requestId: '4999' });
    expect(second?.leftOut).toBe(4950);
    expect(second?.requests.primary.all).toBe(5000);
  });
});
