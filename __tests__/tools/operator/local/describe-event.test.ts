import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { describeEvent } from '#operator/local/describe-event.ts';
import { describeAccessLine, describeFunctionLine } from '#operator/local/log-line.ts';

const time = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
const events: readonly [RuntimeEvent, string][] = [
  [
    {
      kind: 'access',
      time,
      region: 'primary',
      environment: 'envA',
      logGroup: '/api',
      requestId: 'r',
      line: '{"status":"200","httpMethod":"GET","path":"/test","responseLatency":"12"}',
    },
    'access   primary envA 200 GET /test 12 ms',
  ],
  [
    {
      kind: 'function',
      time,
      region: 'secondary',
      environment: 'envB',
      logGroup: '/aws/lambda/app-test',
      requestId: 'r',
      line: 'hello\n',
    },
    'function secondary envB app-test hello',
  ],
  [
    { kind: 'health', time, healthCheck: 'app-primary', status: 'unhealthy', reason: 'HTTP status 503' },
    'health   app-primary is unhealthy: HTTP status 503',
  ],
  [
    { kind: 'alarm', time, awsRegion: 'us-east-1', name: 'app-health', state: 'ALARM', reason: 'x' },
    'alarm    us-east-1 app-health is ALARM: x',
  ],
  [
    { kind: 'dns', time, name: 'api.example.com', from: 'primary', to: 'secondary' },
    'dns      api.example.com is answered with secondary',
  ],
  [
    { kind: 'entry', time, name: 'api.example.com', from: 'primary', to: 'secondary' },
    'entry    api.example.com leads to secondary, no longer to primary',
  ],
  [{ kind: 'control', time, region: 'primary', action: 'fail' }, 'control  primary fails'],
  [
    { kind: 'control', time, action: 'move', part: 'entry-primary', from: 'envA', to: 'envB' },
    'control  entry-primary leads to envB, no longer to envA',
  ],
  [{ kind: 'warning', time, message: 'look here' }, 'warning  look here'],
];

const plain = pc.createColors(false);

describe('log lines for people', () => {
  it.each([
    ['{"status":"403","routeKey":"GET /events"}', '403 GET /events'],
    ['127.0.0.1 - - "GET /test" 200', '127.0.0.1 - - "GET /test" 200'],
    ['{"requestId":"r"}', '{"requestId":"r"}'],
    ['{"status":', '{"status":'],
  ])('shorten the access line %s to %s', (line, shown) => {
    expect(describeAccessLine(line, plain)).toBe(shown);
  });

  it.each([
    ['{"level":"INFO","message":"written","service":"test"}\n', 'INFO written'],
    ['{"level":"ERROR","message":"no write","error":{"name":"Error","message":"denied"}}', 'ERROR no write: denied'],
    [
      '{"level":"ERROR","message":"no write","error":{"message":"denied","stack":"Error: denied\\n    at write (functions/a.ts:1:2)\\n    at process.run (node:internal/x:1:2)"}}',
      'ERROR no write: denied\n    at write (functions/a.ts:1:2)',
    ],
    [
      '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[]},"xray_trace_id":"1-0-0","environment":"envA","EventsStored":1,"verdicts":["well"]}',
      'environment envA, EventsStored 1, verdicts ["well"]',
    ],
    ['[1]', '[1]'],
    ['Task timed out\n', 'Task timed out'],
  ])('shorten the function line %j to %s', (line, shown) => {
    expect(describeFunctionLine(line, plain)).toBe(shown);
  });

  it.each(events)('show %o', (event, line) => {
    expect(describeEvent(event, plain)).toBe(`03:04:05.006 ${line}`);
  });
});
