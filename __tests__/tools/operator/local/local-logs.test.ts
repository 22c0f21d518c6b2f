import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startControl } from '#local/control/server.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import { run } from '#operator/program.ts';
import { stoppedControls } from '#tests/tools/operator/call/stopped-controls.ts';

let folder: string;
let service: Service | undefined;
let stdout: string[];
let stderr: string;
let log: RuntimeLog;

const time = Date.parse('2026-01-02T03:04:05Z');

function filledLog(): RuntimeLog {
  const filled = new RuntimeLog();
  const access = (environment: string, path: string, named: 'path' | 'routeKey' = 'path') =>
    filled.write({
      kind: 'access',
      time,
      region: 'primary',
      environment,
      logGroup: '/api',
      requestId: `id of ${path}`,
      line: JSON.stringify({
        httpMethod: 'GET',
        [named]: named === 'path' ? path : `GET ${path}`,
        status: '200',
        responseLatency: '3',
      }),
    });
  access('envA', '/test');
  access('envA', '/healthcheck');
  access('envB', '/healthcheck');
  access('envA', '/events/healthcheck', 'routeKey');
  access('envB', '/envB/test');
  filled.write({
    kind: 'function',
    time: time + 1,
    region: 'secondary',
    environment: 'envB',
    logGroup: '/aws/lambda/app-dev-user',
    requestId: 'lambda-id',
    traceId: '1-67891233-abcdef012345678912345678',
    line: '{"level":"INFO","message":"stored"}\n',
  });
  return filled;
}

const status = () => {
  const { regions, ...rest } = stoppedControls.status();
  const check = {
    name: 'c',
    resourcePath: '/healthcheck?shallow=true',
    status: 'healthy',
    since: 0,
    reason: '',
  } as const;
  const ofEvents = { ...check, name: 'e', resourcePath: '/events/healthcheck?shallow=true' };
  return { ...rest, regions: { ...regions, primary: { ...regions.primary, healthChecks: [check, ofEvents] } } };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  log = filledLog();
  stdout = [];
  stderr = '';
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.spyOn(console, 'log').mockImplementation((line) => void stdout.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation((line) => {
    stderr += `${line}\n`;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  service = await startControl({
    controls: { ...stoppedControls, status },
    log,
    directory: folder,
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await service?.close();
  await rm(folder, { recursive: true });
});

const lines = () => stdout.map((line) => line.replace(/^\S+ /, ''));

describe('two-region local logs', () => {
  it('shows what was logged, without the health checks that succeed in whichever environment they ask', async () => {
    expect(await run(['local', 'logs'])).toBe(0);
    expect(lines()).toEqual([
      'access   primary envA 200 GET /test 3 ms',
      'access   primary envB 200 GET /envB/test 3 ms',
      'function secondary envB app-dev-user INFO stored',
    ]);
  });

  it.each<[string[], string[]]>([
    [['--env', 'envA'], ['access   primary envA 200 GET /test 3 ms']],
    [['--function', 'user'], ['function secondary envB app-dev-user INFO stored']],
    [['--region', 'secondary', '--kind', 'function', 'warning'], ['function secondary envB app-dev-user INFO stored']],
    [['--request-id', 'id of /test'], ['access   primary envA 200 GET /test 3 ms']],
    [['--trace', '1-67891233-abcdef012345678912345678'], ['function secondary envB app-dev-user INFO stored']],
    [['--trace', 'Root=1-67891233-abcdef012345678912345678'], ['function secondary envB app-dev-user INFO stored']],
    [['--level', 'WARN'], []],
    [['--operation', 'post-user'], ['function secondary envB app-dev-user INFO stored']],
    [['--operation', 'list-events', '--level', 'INFO'], []],
    [['--since', '2026-01-02T03:04:05.001Z'], ['function secondary envB app-dev-user INFO stored']],
  ])('finds by %j', async (flags, found) => {
    expect(await run(['local', 'logs', ...flags])).toBe(0);
    expect(lines()).toEqual(found);
  });

  it('prints one document with everything that matches', async () => {
    expect(await run(['local', 'logs', '--env', 'envB', '--json'])).toBe(0);
    expect(stdout).toHaveLength(1);
    const { events } = JSON.parse(stdout[0] ?? '');
    expect(events.map(({ kind }: { kind: string }) => kind)).toEqual(['access', 'access', 'function']);
  });

  it('says that nothing matches, on stderr', async () => {
    expect(await run(['local', 'logs', '--since', '1s'])).toBe(0);
    expect([stdout, stderr]).toEqual([[], 'No log line matches.\n']);
  });

  it('goes on until the runtime ends', async () => {
    const end = run(['local', 'logs', '--follow', '--kind', 'warning']);
    const told = new Promise<void>((resolve) => {
      vi.mocked(console.log).mockImplementation((line) => {
        stdout.push(String(line));
        resolve();
      });
    });
    log.write({ kind: 'warning', time, message: 'look here' });
    await told;
    await service?.close();
    expect(await end).toBe(0);
    expect(lines()).toEqual(['warning  look here']);
    expect(stderr).toBe('The runtime has ended.\n');
  });

  it('refuses a time, a region and a kind that there are not, with what is allowed', async () => {
    expect(await run(['local', 'logs', '--since', 'yesterday'])).toBe(2);
    expect(stderr).toContain('90s, 15m, 2h or 1d');
    expect(await run(['local', 'logs', '--region', 'third', '--kind', 'noise'])).toBe(2);
    expect(stderr).toContain('primary, secondary');
  });

  it('needs a runtime', async () => {
    await service?.close();
    expect(await run(['local', 'logs'])).toBe(2);
    expect(stderr).toContain('No local runtime runs in this folder');
  });
});
