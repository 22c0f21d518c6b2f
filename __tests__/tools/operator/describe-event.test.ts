import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RuntimeEvent } from '../../../tools/local/runtime-log.ts';
import { describeEvent } from '../../../tools/operator/describe-event.ts';

const time = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
const events: readonly [RuntimeEvent, string][] = [
  [
    { kind: 'access', time, region: 'primary', environment: 'envA', logGroup: '/api', line: '{"status":"200"}' },
    'access   primary envA {"status":"200"}',
  ],
  [
    { kind: 'function', time, region: 'secondary', logGroup: '/aws/lambda/app-test', requestId: 'r', line: 'hello\n' },
    'function secondary app-test hello',
  ],
  [
    { kind: 'health', time, healthCheck: 'app-primary', status: 'unhealthy', reason: 'HTTP status 503' },
    'health   app-primary is unhealthy: HTTP status 503',
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
  [{ kind: 'warning', time, message: 'look here' }, 'warning  look here'],
];

describe('log lines for people', () => {
  it.each(events)('show %o', (event, line) => {
    expect(describeEvent(event, pc.createColors(false))).toBe(`03:04:05.006 ${line}`);
  });
});
