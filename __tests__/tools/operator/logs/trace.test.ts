import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startControl } from '#local/control/server.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { invocationOf } from '#local/events/spans.ts';
import type { Service } from '#local/http/listen.ts';
import { describeTrace } from '#operator/logs/show-trace.ts';
import { stoppedControls } from '#tests/tools/operator/call/stopped-controls.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

const TRACE = '1-67891233-abcdef012345678912345678';
const FUNCTION_ID = '5ed95026-f7d2-4442-88b5-6a8e042a85c1';
const time = Date.parse('2026-11-29T12:00:00Z');
const invocation = invocationOf(FUNCTION_ID);

let folder: string;
let log: RuntimeLog;
let service: Service;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trace-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  log = new RuntimeLog();
  service = await startControl({ controls: stoppedControls, log, directory: folder });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await service.close();
  await rm(folder, { recursive: true });
});

/** A write through both regions, as the runtime keeps it: what is nearest to the table comes first. */
function write(): void {
  const here = { invocation, region: 'eu-central-1', time };
  log.spans.add({
    ...here,
    part: 'service',
    name: 'dynamodb PutItem user',
    time: time + 4,
    milliseconds: 3,
    outcome: '200',
  });
  log.spans.add({
    ...here,
    part: 'service',
    name: 'dynamodb GetItem user',
    time: time + 3,
    milliseconds: 1,
    outcome: '400',
  });
  log.spans.add({ ...here, part: 'handler', name: 'user', time: time + 2, milliseconds: 6 });
  log.spans.add({ ...here, part: 'function', name: 'user', requestId: FUNCTION_ID, time: time + 1, milliseconds: 8 });
  log.spans.add({
    ...here,
    part: 'gateway',
    name: 'POST /user/{id}',
    requestId: 'g-1',
    milliseconds: 10.25,
    outcome: '200',
  });
  log.spans.add({ ...here, part: 'replica', region: 'eu-west-1', name: 'user', time: time + 7, milliseconds: 100 });
  const where = { time, region: 'primary', environment: 'envA', logGroup: '/aws/lambda/user', traceId: TRACE } as const;
  log.write({ ...where, kind: 'function', requestId: FUNCTION_ID, line: '{"level":"INFO","message":"stored"}' });
  log.write({
    ...where,
    kind: 'access',
    requestId: 'g-1',
    line: '{"status":"200","httpMethod":"POST","path":"/user/1"}',
  });
  log.write({ ...where, kind: 'access', requestId: 'g-2', traceId: '1-0-0', line: 'another' });
}

describe('two-region local trace (S3.7)', () => {
  it.each(['g-1', FUNCTION_ID, TRACE, `Root=${TRACE}`])(
    'shows by %s its way as a tree, and what was logged',
    async (id) => {
      log.spans.keep();
      write();
      const { code, stdout } = await runHere(['local', 'trace', id]);
      expect(code).toBe(0);
      expect(stdout.split('\n').map((line) => line.replace(/^\d\d:\S+/, 'TIME'))).toEqual([
        'POST /user/{id}                 eu-central-1  200  +0 ms  10.3 ms',
        '└─ Lambda user                  eu-central-1       +1 ms  8.0 ms',
        '   └─ handler user              eu-central-1       +2 ms  6.0 ms',
        '      ├─ dynamodb GetItem user  eu-central-1  400  +3 ms  1.0 ms',
        '      ├─ dynamodb PutItem user  eu-central-1  200  +4 ms  3.0 ms',
        '      └─ replica user           eu-west-1          +7 ms  100.0 ms',
        'TIME function primary envA user INFO stored',
        'TIME access   primary envA 200 POST /user/1',
        '',
      ]);
    },
  );

  it('says that ways were not kept, and keeps them from then on', async () => {
    write();
    const first = await runHere(['local', 'trace', 'g-1']);
    expect(first.stderr).toContain('Send the request again.');
    expect(first.stdout).toContain('200 POST /user/1');
    write();
    expect((await runHere(['local', 'trace', 'g-1'])).stdout).toContain('└─ Lambda user');
  });

  it('says that nothing is known, with exit code 1, and as one document with --json', async () => {
    log.spans.keep();
    const { code, stdout, stderr } = await runHere(['local', 'trace', 'g-9', '--json']);
    expect({ code, document: JSON.parse(stdout) }).toEqual({
      code: 1,
      document: { wereKept: true, spans: [], events: [] },
    });
    expect(stderr).toContain('Nothing is known of g-9');
  });

  it('draws what is there where parts are missing', () => {
    const span = (part: 'gateway' | 'service', name: string) => ({ part, name, region: 'r', time, milliseconds: 1 });
    const spans = [span('gateway', 'GET /a'), span('service', 'one'), span('service', 'two')];
    const lines = describeTrace({ spans, events: [] }, pc.createColors(false)).split('\n');
    expect(lines.map((line) => line.split('  ')[0])).toEqual(['GET /a', '├─ one', '└─ two']);
  });
});
