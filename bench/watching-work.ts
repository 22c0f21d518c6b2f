import { measureInvocations, measureRequests } from '#local/cloudwatch/measure.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { beginningOf, invocationOf, withoutSecrets } from '#local/events/spans.ts';
import { Exchange } from '#local/gateway/exchange.ts';
import type { InvokeResult } from '#local/lambda/invoke-result.ts';
import { createWebAcls } from '#local/waf/web-acl.ts';
import { printTable } from './measure.ts';

const TIMES = 300_000;
const ROUNDS = 9;

/**
 * Prints what watching a request is by itself, in microseconds of processor time: what each part does for one request, over and over, the least of nine
 * rounds. It is what a machine that has other work to do can still tell.
 */
export async function measureWork(): Promise<void> {
  const store = new MetricStore(1);
  const log = new RuntimeLog();
  log.spans.keep();
  const region = { region: 'eu-central-1', type: 'primary', restApis: [] } as const;
  const measure = measureRequests(store, region, 'rest');
  const guard = createWebAcls({ region, metrics: store, log })({
    arn: 'arn:aws:wafv2:eu-central-1:000000000000:regional/webacl/app/1',
    name: 'app',
    metricName: 'app',
    defaultAction: { kind: 'allow' },
    responseBodies: {},
    rules: [
      {
        name: 'rate',
        metricName: 'rate',
        action: { kind: 'block' },
        statement: {
          kind: 'rate',
          limit: 2_000_000_000,
          windowSeconds: 300,
          key: 'IP',
          scope: {
            kind: 'and',
            statements: ['', '/envA', '/envB', '/preview'].map((before) => ({
              kind: 'not',
              statement: {
                kind: 'byte-match',
                constraint: 'EXACTLY',
                text: `${before}/healthcheck`,
                field: 'uri_path',
                isLowercased: false,
              },
            })),
          },
        },
      },
    ],
  });
  const result: InvokeResult = { ok: true, requestId: '5ed95026-f7d2-4442-88b5-6a8e042a85c1', payload: {} };
  const bare = async () => result;
  const measured = measureInvocations(store, region.region, bare);
  const request = { functionName: 'user', qualifier: 'envA', payload: '{}' };
  const exchange = sample();
  const headers = exchange.request.rawHeaders;
  const span = () => {
    const invocation = invocationOf(result.requestId);
    const line = { line: '200', headers: withoutSecrets(headers), body: beginningOf('{"id":"1"}') };
    const own = { invocation, region: region.region, name: 'GET /user/{id}', time: 0, milliseconds: 1 };
    log.spans.add({ part: 'gateway', requestId: 'r', ...own, exchanged: { request: line, response: line } });
    log.spans.add({ part: 'function', ...own });
    log.spans.add({ part: 'handler', ...own });
  };
  const invoking = (await costOf(() => measured(request))) - (await costOf(bare));
  const rows: readonly (readonly [string, number])[] = [
    ["metrics of the gateway's", await costOf(() => measure(exchange, 'GET /user/{id}'))],
    ["metrics of the function's", invoking],
    ['web ACL', await costOf(() => guard(exchange))],
    ['its way, where the page is open', await costOf(span)],
  ];
  printTable('what watching a request is by itself, CPU µs', [
    ...rows.map(([what, cost]) => [what, cost.toFixed(2)]),
    [
      'all but its way',
      rows
        .slice(0, -1)
        .reduce((sum, [, cost]) => sum + cost, 0)
        .toFixed(2),
    ],
  ]);
}

async function costOf(work: () => unknown): Promise<number> {
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let time = 0; time < TIMES; time++) {
      const done = work();
      if (done instanceof Promise) await done;
    }
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / TIMES);
  }
  return Math.min(...costs);
}

function sample(): Exchange {
  const facts = {
    accountId: '000000000000',
    apiId: 'api1',
    executionArn: 'arn:aws:execute-api:eu-central-1:000000000000:api1',
    region: 'eu-central-1',
    stage: 'envA',
    deploymentId: 'd1',
    variables: {},
  };
  const rawHeaders = ['host', 'localhost', 'user-agent', 'bench', 'accept', '*/*', 'x-api-key', 'secret'];
  const request = {
    method: 'GET',
    target: '/envA/user/1',
    protocol: 'HTTP/1.1',
    headers: {},
    rawHeaders,
    sourceIp: '127.0.0.1',
    port: 1,
  };
  const entrance = { domainName: 'a.example', basePath: '', prefix: '/envA', path: '/user/1' };
  const exchange = new Exchange(request, facts, entrance, 'r-1');
  exchange.status = 200;
  exchange.integration = { status: 200, latency: 2 };
  return exchange;
}
