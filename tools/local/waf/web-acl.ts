import type { MetricStore, Series } from '#local/cloudwatch/metric-store.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Exchange } from '#local/gateway/exchange.ts';
import type { HttpResponse } from '#local/http/response.ts';
import type { RegionModel } from '#local/model/model.ts';
import type { CustomResponse, RuleAction, WafRule, WebAclModel } from '#local/model/waf/web-acl-model.ts';
import { COUNTED_EVERY_SECONDS } from './rate-counter.ts';
import { compileStatement, type Matches } from './statement.ts';
import { isKept, logLine, type Verdict } from './waf-log.ts';

/** What is said to a client whose request was blocked: a response of the rule's, or the gateway's own. */
export type Block = { readonly response?: HttpResponse };

/** Looks at each request before anything of the API does. @returns undefined: it may pass */
export type Guard = (exchange: Exchange) => Block | undefined;

export interface WafOptions {
  readonly region: Pick<RegionModel, 'region' | 'type'>;
  readonly metrics: MetricStore;
  readonly log: RuntimeLog;
  /** Whether this machine's own address is blocked, too, which else is counted alone. A forwarded one is another. @default false */
  readonly blocksLoopback?: boolean | undefined;
}

/**
 * The web ACLs of a region. They belong to the region, not to a release: one that a release has unchanged goes on counting where it was, one that
 * has changed begins anew, as on AWS.
 *
 * @returns for a web ACL: its guard
 */
export function createWebAcls(options: WafOptions): (acl: WebAclModel) => Guard {
  const known = new Map<string, { readonly content: string; readonly guard: Guard }>();
  return (acl) => {
    const content = JSON.stringify(acl);
    const before = known.get(acl.arn);
    if (before?.content === content) return before.guard;
    const guard = createGuard(acl, options);
    known.set(acl.arn, { content, guard });
    return guard;
  };
}

interface PreparedRule {
  readonly rule: WafRule;
  readonly matches: Matches;
  /** Whether a match of this machine's own address is counted alone. */
  readonly sparesLoopback: boolean;
  readonly count: (action: 'Allowed' | 'Blocked' | 'Counted') => void;
  /** The ten seconds in which it was told last that this machine's address is above the limit. */
  toldAt: number;
}

/**
 * Takes requests through the rules, by ascending priority, until one of them allows or blocks.
 *
 * Source: AWS WAF Developer Guide, "Setting rule priority", "AWS WAF core metrics and dimensions".
 */
function createGuard(acl: WebAclModel, { region, metrics, log, blocksLoopback = false }: WafOptions): Guard {
  const tenSeconds = (metrics.periodMilliseconds / 60) * COUNTED_EVERY_SECONDS;
  const now = () => Math.floor(performance.now() / tenSeconds);
  const counterOf = (rule: string | undefined) => {
    const WebACL = acl.metricName;
    const series = new Map<string, Series>();
    return (action: string) => {
      if (WebACL === undefined || rule === undefined) return;
      const dimensions = { WebACL, Region: region.region, Rule: rule };
      const name = `${action}Requests`;
      const one =
        series.get(name) ?? metrics.series({ region: region.region, namespace: 'AWS/WAFV2', name, dimensions });
      series.set(name, one);
      one.put(metrics.period(), 1);
    };
  };
  const countAll = counterOf('ALL');
  const rules = acl.rules.map(
    (rule): PreparedRule => ({
      rule,
      matches: compileStatement(rule.statement, now),
      sparesLoopback: !blocksLoopback && !(rule.statement.kind === 'rate' && typeof rule.statement.key === 'object'),
      count: counterOf(rule.metricName),
      toldAt: -1,
    }),
  );
  const write = (exchange: Exchange, verdict: Verdict) =>
    log.write({
      kind: 'waf',
      time: exchange.startedAt,
      region: region.type,
      environment: exchange.facts.stage,
      logGroup: acl.logging?.logGroup ?? '',
      requestId: exchange.requestId,
      traceId: exchange.traceId,
      line: logLine(acl, exchange, verdict),
    });
  const end = (exchange: Exchange, action: RuleAction, rule: WafRule | undefined, counted: readonly WafRule[]) => {
    const verdict: Verdict = {
      action: action.kind === 'block' ? 'BLOCK' : 'ALLOW',
      ...(rule && { rule }),
      counted,
    };
    countAll(verdict.action === 'BLOCK' ? 'Blocked' : 'Allowed');
    if (acl.logging && isKept(acl.logging, verdict)) write(exchange, verdict);
    return action.kind === 'block' ? blockOf(action.response, acl) : undefined;
  };
  return (exchange) => {
    let counted: WafRule[] = NONE;
    for (const prepared of rules) {
      const { rule, matches, count } = prepared;
      if (!matches(exchange.request)) continue;
      const isSpared = prepared.sparesLoopback && rule.action.kind === 'block' && isOwn(exchange.request.sourceIp);
      if (rule.action.kind === 'count' || isSpared) {
        count('Counted');
        counted = [...counted, rule];
        if (isSpared && prepared.toldAt !== now()) {
          prepared.toldAt = now();
          write(exchange, { action: 'ALLOW', counted });
        }
        continue;
      }
      count(rule.action.kind === 'block' ? 'Blocked' : 'Allowed');
      return end(exchange, rule.action, rule, counted);
    }
    return end(exchange, acl.defaultAction, undefined, counted);
  };
}

const NONE: WafRule[] = [];

/** The one address that clients of this machine have unless they choose another one: `curl --interface 127.0.0.2`. */
function isOwn(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
}

/** Source: AWS WAF Developer Guide, "Sending custom responses for Block actions". */
function blockOf(response: CustomResponse | undefined, { responseBodies }: WebAclModel): Block {
  if (!response) return {};
  const body = response.bodyKey === undefined ? undefined : responseBodies[response.bodyKey];
  const headers = [...response.headers, ...(body ? ['Content-Type', body.contentType] : [])];
  return { response: { status: response.status, headers, body: body?.content ?? '' } };
}
