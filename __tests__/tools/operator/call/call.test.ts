import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startControl } from '#local/control/server.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import { run } from '#operator/program.ts';
import { type RecordedAnswer, startRecordingServer } from '#tests/client/recording-server.ts';
import { apiMessage, regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';
import { stoppedControls } from './stopped-controls.ts';

let folder: string;
let services: Service[] = [];
const written = { stdout: '', stderr: '' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'call-'));
  Object.assign(written, { stdout: '', stderr: '' });
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const write = (stream: keyof typeof written) => (text: unknown) => {
    written[stream] += text instanceof Uint8Array ? Buffer.from(text).toString('latin1') : String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write('stdout'));
  vi.spyOn(process.stderr, 'write').mockImplementation(write('stderr'));
  vi.spyOn(console, 'log').mockImplementation((line) => write('stdout')(`${line}\n`));
  vi.spyOn(console, 'error').mockImplementation((line) => write('stderr')(`${line}\n`));
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const service of services.toReversed()) await service.close();
  services = [];
  await rm(folder, { recursive: true });
});

/** A runtime in the folder whose gateways always answer alike. */
async function runtime(answer: Partial<RecordedAnswer> = {}) {
  const server = await startRecordingServer({ status: 200, body: '{"ok":true}', ...answer });
  const region = (name: string) =>
    regionMessage({
      region: name,
      names: [{ kind: 'rest', name: 'api.local', environment: 'envA', regionalHost: `d.${name}` }],
      apis: [apiMessage('rest', server.url, ['envA', 'preview']), apiMessage('http', `${server.url}/http`, ['envA'])],
      usagePlans: [{ name: 'plan', stages: ['envA'], keys: [{ value: 'the-key', enabled: true }] }],
    });
  const regions = regionsMessage({
    publicNames: [
      { kind: 'rest', name: 'api.local', url: server.url },
      { kind: 'http', name: 'events.local', url: `${server.url}/http` },
    ],
    regions: { primary: region('eu-central-1'), secondary: region('eu-west-1') },
  });
  const control = await startControl({
    controls: { ...stoppedControls, regions: () => regions },
    log: new RuntimeLog(),
    directory: folder,
  });
  services.push(server, control);
  return server.requests;
}

describe('two-region call (S3.10)', () => {
  it('sends what it is told with the key, and prints nothing but the body on stdout', async () => {
    const requests = await runtime({ body: '{"content":"The color"}' });
    const code = await run(['call', 'post', '/string/replace', '--body', '{"content":"The colour"}']);
    expect({ code, ...written }).toEqual({ code: 0, stdout: '{"content":"The color"}\n', stderr: '' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/string/replace' });
    expect(requests[0]?.headers).toMatchObject({ 'x-api-key': 'the-key', 'content-type': 'application/json' });
    expect(String(requests[0]?.body)).toBe('{"content":"The colour"}');
  });

  it('writes and reads bytes as they are, on stdout and in files, and shows a terminal none', async () => {
    const bytes = Buffer.from([0x89, 0xff, 0x00]);
    const file = join(folder, 'picture.png');
    await writeFile(file, bytes);
    process.stdout.isTTY ??= false;
    const onTerminal = vi.spyOn(process.stdout, 'isTTY', 'get');
    const requests = await runtime({ body: bytes });
    expect(await run(['call', 'post', '/string/replace', '--body', `@${file}`])).toBe(0);
    expect(requests[0]?.body).toEqual(bytes);
    expect(written.stdout).toBe(bytes.toString('latin1'));
    onTerminal.mockReturnValue(true);
    expect(await run(['call', 'post', '/string/replace', '--body', '{}'])).toBe(0);
    expect(written.stdout).toBe(bytes.toString('latin1'));
    expect(written.stderr).toContain('3 bytes, which no terminal can show. Add > FILE.');
  });

  it('signs where the route asks for it, query and all', async () => {
    const requests = await runtime();
    expect(await run(['call', 'GET', '/events?date=2021-08-28&limit=1', '--env', 'envA'])).toBe(0);
    expect(requests[0]?.url).toBe('/http/envA/events?date=2021-08-28&limit=1');
    expect(requests[0]?.headers.authorization).toContain('AKIDEXAMPLE/');
  });

  it('sends a body and headers as they are, for mistakes to be tried out', async () => {
    const requests = await runtime();
    await run(['call', 'POST', '/user/x', '--body', '{"broken', '-H', 'Content-Type: text/plain', '-H', 'X-A: 1']);
    expect(String(requests[0]?.body)).toBe('{"broken');
    expect(requests[0]?.headers).toMatchObject({ 'content-type': 'text/plain', 'x-a': '1' });
  });

  it('says URL, status and headers on stderr with -v', async () => {
    await runtime({ headers: { 'x-test': 'yes' } });
    expect(await run(['call', 'GET', '/test', '--env', 'preview', '-v'])).toBe(0);
    expect(written.stderr).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/preview\/test\n200 OK\n(.*\n)*x-test: yes\n/);
    expect(written.stdout).toBe('{"ok":true}\n');
  });

  it('says with -v by which trace its log lines are found, which HTTP APIs tell nobody (S3.7)', async () => {
    const requests = await runtime();
    expect(await run(['call', 'GET', '/events?date=2021-08-28', '--env', 'envA', '-v'])).toBe(0);
    const [, root] = /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24})$/.exec(String(requests[0]?.headers['x-amzn-trace-id'])) ?? [];
    expect(written.stderr).toContain(`two-region local logs --trace ${root}\n`);
    expect(requests[0]?.headers.authorization).not.toContain('x-amzn-trace-id');
    await run(['call', 'GET', '/test', '-v', '-H', 'X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678']);
    expect(written.stderr).toContain('--trace 1-67891233-abcdef012345678912345678\n');
    await run(['call', 'GET', '/test']);
    expect(requests[2]?.headers).not.toHaveProperty('x-amzn-trace-id');
  });

  it("says the gateway's trace where it names one (S3.7)", async () => {
    await runtime({ headers: { 'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678;Sampled=0' } });
    await run(['call', 'GET', '/test', '-v']);
    expect(written.stderr).toContain('--trace 1-67891233-abcdef012345678912345678\n');
  });

  it('ends with 1 when the answer is an error, and says its status', async () => {
    await runtime({ status: 429, body: '{"error":"Too Many Requests"}' });
    expect(await run(['call', 'GET', '/test'])).toBe(1);
    expect(written).toEqual({ stdout: '{"error":"Too Many Requests"}\n', stderr: '429 Too Many Requests\n' });
  });

  it('prints one JSON document with --json, whatever the body is', async () => {
    await runtime({ status: 502, body: '<html>' });
    expect(await run(['call', 'GET', '/test', '--json'])).toBe(1);
    expect(JSON.parse(written.stdout)).toMatchObject({ status: 502, body: '<html>' });
    expect(written.stderr).toBe('');
  });

  it.each([
    { args: ['GET', '/nowhere'], says: 'No route GET /nowhere. There are:' },
    { args: ['GET', '/test', '--env', 'envC'], says: '--env is "envC", allowed are envA, preview.' },
    { args: ['GET', '/test', '--region', 'third'], says: 'primary, secondary' },
    { args: ['GET', '/test', '-H', 'none'], says: '--header "none"' },
    { args: ['POST', '/user/x', '--body', '@absent'], says: '--body @absent' },
    { args: ['GET', '/test', '--local', '--stage', 'dev'], says: 'cannot be used with' },
  ])('refuses $args with exit code 2 and says what is allowed', async ({ args, says }) => {
    const requests = await runtime();
    expect(await run(['call', ...args])).toBe(2);
    expect(written.stdout).toBe('');
    expect(written.stderr).toContain(says);
    expect(requests).toEqual([]);
  });

  it('names the address that did not answer', async () => {
    await runtime();
    const [gateway] = services.splice(0, 1);
    await gateway?.close();
    expect(await run(['call', 'GET', '/test'])).toBe(2);
    expect(written.stderr).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/test did not answer: .*ECONNREFUSED/);
  });

  it('ends with 2 where no runtime runs', async () => {
    expect(await run(['call', 'GET', '/test'])).toBe(2);
    expect(written.stderr).toContain('npm start');
  });
});
