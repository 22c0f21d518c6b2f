import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { Exchange } from '#local/gateway/exchange.ts';
import { statementOf } from '#local/model/waf/statements.ts';
import type { RateBased, WafRule, WafStatement, WebAclModel } from '#local/model/waf/web-acl-model.ts';
import { createWebAcls } from '#local/waf/web-acl.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const RATE: RateBased = { kind: 'rate', limit: 2, windowSeconds: 60, key: 'IP' };
const rule = (statement: WafStatement, more: Partial<WafRule> = {}): WafRule => ({
  name: 'rate',
  metricName: 'rate',
  action: { kind: 'block', response: { status: 429, headers: ['Retry-After', '10'], bodyKey: 'many' } },
  statement,
  ...more,
});
const webAcl = (rules: readonly WafRule[], more: Partial<WebAclModel> = {}): WebAclModel => ({
  arn: 'arn:aws:wafv2:eu-central-1:000000000000:regional/webacl/app/1',
  name: 'app',
  metricName: 'app',
  defaultAction: { kind: 'allow' },
  rules,
  responseBodies: { many: { contentType: 'application/json', content: '{"error":"Too Many Requests"}' } },
  logging: {
    logGroup: 'aws-waf-logs-app',
    redacted: ['header:x-api-key'],
    keepsOthers: false,
    filters: [{ keeps: true, all: false, actions: ['BLOCK'] }],
  },
  ...more,
});

const FACTS = {
  accountId: '000000000000',
  apiId: 'api1',
  executionArn: 'arn:aws:execute-api:eu-central-1:000000000000:api1',
  region: 'eu-central-1',
  stage: 'envA',
  deploymentId: 'd1',
  variables: {},
};

/** A guard, and requests of an address to it. A period of AWS's is 3 ms here, ten seconds of it half a millisecond. */
function start(acl: WebAclModel, blocksLoopback = false) {
  const log = new RuntimeLog();
  const metrics = new MetricStore(20_000);
  const guardOf = createWebAcls({ region: { region: 'eu-central-1', type: 'primary' }, metrics, log, blocksLoopback });
  const ask = (sourceIp = '192.0.2.1', target = '/envA/user/1?a=b', headers: Record<string, string> = {}) => {
    const rawHeaders = Object.entries(headers).flat();
    const request = { method: 'GET', target, protocol: 'HTTP/1.1', headers, rawHeaders, sourceIp, port: 1 };
    const entrance = { domainName: 'a.example', basePath: '', prefix: '/envA', path: '/user/1' };
    return guardOf(acl)(new Exchange(request, FACTS, entrance, 'r-1'));
  };
  const lines = () => log.query(() => true).flatMap((event) => (event.kind === 'waf' ? [JSON.parse(event.line)] : []));
  const sum = (name: string, Rule: string) =>
    metrics
      .recent(64)
      .filter((each) => each.namespace === 'AWS/WAFV2' && each.name === name && each.dimensions.Rule === Rule)
      .reduce((all, each) => all + each.sum, 0);
  /** Asks until it is blocked. */
  const blocked = async (...request: Parameters<typeof ask>) => {
    for (;;) {
      const block = ask(...request);
      if (block) return block;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  /** Asks as often as would block any client. */
  const insist = async (...request: Parameters<typeof ask>) => {
    const blocks = [];
    for (let turn = 0; turn < 40; turn += 1) {
      for (let time = 0; time < 20; time += 1) blocks.push(ask(...request));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return blocks.filter((block) => block !== undefined);
  };
  return { ask, blocked, insist, lines, sum };
}

describe('a web ACL on the laptop (S3.8)', () => {
  it('blocks an address above the rate, with the response, the metrics and the log line of the JSON', async () => {
    const { ask, blocked, lines, sum } = start(webAcl([rule(RATE, { statement: { ...RATE, windowSeconds: 600 } })]));
    const { response } = await blocked('192.0.2.1', '/envA/user/1?a=b', { 'x-api-key': 'secret', accept: '*/*' });
    expect(response).toEqual({
      status: 429,
      headers: ['Retry-After', '10', 'Content-Type', 'application/json'],
      body: '{"error":"Too Many Requests"}',
    });
    expect(ask('192.0.2.2')).toBeUndefined();
    expect(lines()[0]).toMatchObject({
      action: 'BLOCK',
      terminatingRuleId: 'rate',
      terminatingRuleType: 'RATE_BASED',
      httpSourceId: '000000000000:api1:envA',
      httpRequest: {
        clientIp: '192.0.2.1',
        uri: '/envA/user/1',
        args: 'a=b',
        headers: [
          { name: 'x-api-key', value: 'REDACTED' },
          { name: 'accept', value: '*/*' },
        ],
      },
    });
    expect(sum('BlockedRequests', 'rate')).toBe(sum('BlockedRequests', 'ALL'));
    expect(sum('BlockedRequests', 'ALL')).toBeGreaterThan(0);
    expect(sum('AllowedRequests', 'ALL')).toBeGreaterThan(2);
  });

  it("does not count what the scope of the region's own JSON leaves out, and counts ids that read like it", async () => {
    const stack = await synthesizeStage();
    const [{ rule: rules } = {}] = stack('base-primary').resources('aws_wafv2_web_acl');
    const rate = z.object({ statement: z.unknown() }).parse(Array.isArray(rules) ? rules[0] : undefined);
    const statement = statementOf(rate.statement);
    if (statement?.kind !== 'rate') throw new Error(`Not a rate: ${JSON.stringify(rate)}`);
    const { blocked, insist } = start(webAcl([rule({ ...statement, limit: RATE.limit, windowSeconds: 600 })]));
    for (const path of ['/healthcheck', '/envA/healthcheck?x=1', '/preview/healthcheck']) {
      expect(await insist('192.0.2.1', path)).toEqual([]);
    }
    for (const [turn, path] of ['/user/healthcheck', '/envA/user/healthcheck', '/envA/healthchecks'].entries()) {
      await blocked(`192.0.2.${turn + 2}`, path);
    }
  });

  it("counts this machine's own address and says so, and blocks it only where that is asked for", async () => {
    const acl = webAcl([rule({ ...RATE, windowSeconds: 600 })]);
    const { insist, lines, sum } = start(acl);
    expect(await insist('127.0.0.1')).toEqual([]);
    expect(lines()[0]).toMatchObject({
      action: 'ALLOW',
      terminatingRuleId: 'Default_Action',
      nonTerminatingMatchingRules: [{ ruleId: 'rate', action: 'COUNT' }],
    });
    expect(sum('CountedRequests', 'rate')).toBeGreaterThan(lines().length);
    await start(acl).blocked('127.0.0.2');
    await start(acl, true).blocked('127.0.0.1');
  });

  it.each<['MATCH' | 'NO_MATCH', boolean]>([
    ['MATCH', true],
    ['NO_MATCH', false],
  ])('counts the first address of a header where the JSON says so; of no address: %s', async (fallback, isBlocked) => {
    const key = { header: 'x-forwarded-for', fallback };
    const { ask, blocked } = start(webAcl([rule({ ...RATE, windowSeconds: 600, key })]));
    await blocked('127.0.0.1', '/', { 'x-forwarded-for': '198.51.100.7, 10.0.0.1' });
    expect(ask('127.0.0.1', '/', { 'x-forwarded-for': '198.51.100.8, 198.51.100.7' })).toBeUndefined();
    expect(ask('127.0.0.1')).toBeUndefined();
    expect(ask('127.0.0.1', '/', { 'x-forwarded-for': 'unknown' }) !== undefined).toBe(isBlocked);
  });

  it('goes by priority: the first rule that allows or blocks ends it, one that counts does not', () => {
    const path: WafStatement = {
      kind: 'byte-match',
      constraint: 'CONTAINS_WORD',
      text: 'user',
      field: 'uri_path',
      isLowercased: true,
    };
    const counts = rule(path, { name: 'counts', metricName: 'counts', action: { kind: 'count' } });
    const allows = rule({ kind: 'and', statements: [path, { ...path, field: 'method', text: 'get' }] });
    const blocks = rule(
      { kind: 'or', statements: [{ ...path, text: 'nothing' }, path] },
      { action: { kind: 'block' } },
    );
    const { ask, sum } = start(webAcl([counts, { ...allows, action: { kind: 'allow' } }, blocks]));
    expect(ask()).toBeUndefined();
    expect(ask('192.0.2.1', '/envA/users')).toBeUndefined();
    expect(sum('CountedRequests', 'counts')).toBe(1);
    const other = start(
      webAcl([counts, blocks], { logging: { logGroup: '', redacted: [], keepsOthers: true, filters: [] } }),
    );
    // No response of its own: the gateway's, for WAF_FILTERED.
    expect(other.ask()).toEqual({});
    expect(other.ask('192.0.2.1', '/envA/USERS')).toBeUndefined();
    expect(other.lines().map(({ action }) => action)).toEqual(['BLOCK', 'ALLOW']);
  });
});
