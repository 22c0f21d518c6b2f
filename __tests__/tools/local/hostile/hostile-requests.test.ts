import { IncomingMessage, ServerResponse } from 'node:http';
import { queryObjects } from 'node:v8';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileRequest, hostilities } from '#tests/support/hostile/hostility.ts';
import { expectExamplesToWork, judge } from '#tests/support/hostile/judge.ts';
import { mistakes } from '#tests/support/hostile/mistakes.ts';
import type { RawAnswer, RawRequest } from '#tests/support/hostile/raw-client.ts';
import type { Route } from '#tests/support/hostile/routes.ts';
import { sendRaw } from '#tests/tools/local/gateway/rest/support/send.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { routesOf } from './gateway-routes.ts';

/** More than a machine can send, so that no request is refused for coming too fast. */
const RAISED = { THROTTLE_RATE_LIMIT: '1000000', THROTTLE_BURST_LIMIT: '1000000', QUOTA_LIMIT: '1000000000' };
const RUNS = 350;
const TIMEOUT = 600_000;

let stage: RunningStage;
let routes: readonly Route[] = [];
let judged = 0;
beforeAll(async () => {
  stage = await startStage({ settings: RAISED, terraform: patientFunctions });
  routes = routesOf(stage.summary);
}, 60_000);
afterAll(async () => {
  for (const { client } of routes) client.close();
  await stage?.close();
});

/** What a deep check logs of a dependency that a busy machine keeps waiting. */
function isLateDependency(line: string): boolean {
  return line.includes('"A dependency did not answer"') && line.includes('"name":"TimeoutError"');
}

function judgeAndCount(route: Route, request: RawRequest, answer: RawAnswer): void {
  judged += 1;
  judge(route, request, answer);
}

describe('every route in both regions', () => {
  it(
    'answers its examples',
    async () => {
      await expectExamplesToWork(routes);
    },
    TIMEOUT,
  );

  it.each(mistakes)(
    'refuses or survives $what',
    async ({ make, status }) => {
      for (const route of routes) {
        const request = await make(route, route.valid);
        if (request === undefined) continue;
        const answer = await route.client.send(request);
        judgeAndCount(route, request, answer);
        if (status) expect(answer.status, `${route.operation.id}: ${answer.body.slice(0, 300)}`).toBe(status(route));
      }
    },
    60_000,
  );

  it.each([1, 2])(
    'refuses or survives whatever is done to its requests (seed %i)',
    async (seed) => {
      const attack = fc.asyncProperty(hostilities, async (hostility) => {
        await Promise.all(
          routes.map(async (route) => {
            const request = await hostileRequest(route, hostility);
            judgeAndCount(route, request, await route.client.send(request));
          }),
        );
      });
      await fc.assert(attack, { numRuns: RUNS, seed });
    },
    TIMEOUT,
  );

  it('has had 10,000 hostile requests, and keeps none of them', { timeout: 600_000 }, () => {
    expect(judged).toBeGreaterThanOrEqual(10_000);
    // Counted after a garbage collection: an open connection holds its last request, nothing holds those before.
    for (const kind of [IncomingMessage, ServerResponse]) {
      expect(queryObjects(kind, { format: 'count' }), kind.name).toBeLessThan(1000);
    }
  });

  it.each([
    ['no HTTP', '\x16\x03\x01\0\xff'],
    ['two lengths', 'POST /envA/test HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length beside chunks',
      'POST /envA/user/a1B2c3D4 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a chunk without a size',
      'POST /envA/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['two hosts', 'GET /envA/test HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n'],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'],
  ])('gives a plain 400 to %s, at the public names too', async (_, bytes) => {
    const { entry, httpEntry = entry } = stage.summary;
    const urls = new Set([entry, httpEntry, ...routes.map(({ target }) => target.baseUrl)]);
    for (const url of urls) {
      expect(await sendRaw(Number(new URL(url).port), Buffer.from(bytes, 'latin1'))).toMatch(/^HTTP\/1\.1 400 /);
    }
  });

  it(
    'still answers its examples, and no function or gateway has failed',
    async () => {
      await expectExamplesToWork(routes);
      const warnings = stage.log.query(({ kind }) => kind === 'warning').map((event) => JSON.stringify(event));
      expect(warnings.filter((warning) => !warning.includes('refused with'))).toEqual([]);
      const failed = stage.log.query(
        (event) => event.kind === 'function' && event.line.includes('"level":"ERROR"') && !isLateDependency(event.line),
      );
      expect(failed).toEqual([]);
    },
    TIMEOUT,
  );
});
