import type { Exchange } from '#local/gateway/exchange.ts';
import { lowerCaseName } from '#local/http/raw-headers.ts';
import type { ByteMatch, WafLogging, WafRule, WebAclModel } from '#local/model/waf/web-acl-model.ts';

/** What became of a request. */
export interface Verdict {
  readonly action: 'ALLOW' | 'BLOCK';
  /** Absent: the default action. */
  readonly rule?: WafRule;
  /** Rules that only counted it. */
  readonly counted: readonly WafRule[];
}

const REDACTED = 'REDACTED';

/** Whether the filters of a log keep a request. Source: AWS WAF API Reference, LoggingFilter. */
export function isKept({ filters, keepsOthers }: WafLogging, { action, counted }: Verdict): boolean {
  const happened = [action, ...(counted.length > 0 ? ['COUNT'] : [])];
  const deciding = filters.find(({ actions, all }) =>
    all ? actions.every((each) => happened.includes(each)) : actions.some((each) => happened.includes(each)),
  );
  return deciding?.keeps ?? keepsOthers;
}

/**
 * The line that AWS WAF writes of a request. A local client comes from no country.
 *
 * Source: AWS WAF Developer Guide, "Log fields for protection pack (web ACL) traffic".
 */
export function logLine(acl: Pick<WebAclModel, 'arn' | 'logging'>, exchange: Exchange, verdict: Verdict): string {
  const { request, facts, startedAt, requestId, rawQueryString } = exchange;
  const redacted = new Set(acl.logging?.redacted ?? []);
  const shown = (field: ByteMatch['field'], value: string) => (redacted.has(field) ? REDACTED : value);
  const headers: { readonly name: string; readonly value: string }[] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? '';
    headers.push({ name, value: shown(`header:${lowerCaseName(name)}`, request.rawHeaders[at + 1] ?? '') });
  }
  const [path = ''] = request.target.split('?', 1);
  return JSON.stringify({
    timestamp: startedAt,
    formatVersion: 1,
    webaclId: acl.arn,
    terminatingRuleId: verdict.rule?.name ?? 'Default_Action',
    terminatingRuleType: verdict.rule?.statement.kind === 'rate' ? 'RATE_BASED' : 'REGULAR',
    action: verdict.action,
    httpSourceName: 'APIGW',
    httpSourceId: `${facts.accountId}:${facts.apiId}:${facts.stage}`,
    ruleGroupList: [],
    rateBasedRuleList: [verdict.rule ?? [], verdict.counted].flat().flatMap(rateOf),
    nonTerminatingMatchingRules: verdict.counted.map(({ name }) => ({ ruleId: name, action: 'COUNT' })),
    httpRequest: {
      clientIp: request.sourceIp,
      country: '-',
      headers,
      uri: shown('uri_path', path),
      args: shown('query_string', rawQueryString),
      httpVersion: request.protocol,
      httpMethod: shown('method', request.method),
      requestId,
    },
  });
}

function rateOf({ name, statement }: WafRule) {
  if (statement.kind !== 'rate') return [];
  const { key, limit, windowSeconds } = statement;
  return [
    {
      rateBasedRuleName: name,
      limitKey: typeof key === 'string' ? key : 'FORWARDEDIP',
      maxRateAllowed: limit,
      evaluationWindowSec: String(windowSeconds),
    },
  ];
}
