import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod/mini';
import { errorReason } from '#functions/error-reason.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { edgeWafLogGroup, wafLogGroup } from '#stacks/naming.ts';
import { EDGE_REGION } from '#stacks/settings/partitions.ts';

/** A request that was blocked. */
export interface BlockedRequest {
  /** ISO 8601. */
  readonly time: string;
  /** Of the web ACL, and within a group of AWS's the rule of it: `common/CrossSiteScripting_BODY`. */
  readonly rule: string;
  readonly ip: string;
  /** Two letters. */
  readonly country: string;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
}

/** Where the log of a web ACL is. */
export interface FirewallLog {
  /** `edge`: before CloudFront's distributions. */
  readonly regionType: RegionType | 'edge';
  readonly region: string;
  readonly logGroupName: string;
}

/** What one web ACL blocked. */
export interface RegionBlocked {
  readonly regionType: FirewallLog['regionType'];
  readonly region: string;
  /** Rule → number of requests, the most first. */
  readonly byRule: Readonly<Record<string, number>>;
  /** The last ones, newest first. */
  readonly last: readonly BlockedRequest[];
  /** Whether there are more than were read. */
  readonly more: boolean;
  /** Rules that would have blocked this machine's own address, and let it pass. Of the local runtime alone. */
  readonly spared?: readonly string[];
  /** Why nothing is known. */
  readonly problem?: string;
}

/** Source: AWS WAF Developer Guide, "Log fields for protection pack (web ACL) traffic". */
const logSchema = z.object({
  timestamp: z.number(),
  action: z._default(z.string(), 'BLOCK'),
  terminatingRuleId: z.string(),
  nonTerminatingMatchingRules: z._default(z.array(z.object({ ruleId: z.string() })), []),
  ruleGroupList: z._default(
    z.array(
      z.object({ terminatingRule: z.optional(z.nullable(z.object({ ruleId: z.string(), action: z.string() }))) }),
    ),
    [],
  ),
  httpRequest: z.object({
    clientIp: z.string(),
    country: z._default(z.string(), '-'),
    httpMethod: z.string(),
    uri: z.string(),
  }),
});

const MOST_EVENTS = 10_000;
const LAST = 10;

/** The logs of a stage: of each region's REST stages, and of the edge, which clients come to first where there is one. */
export function firewallLogs(context: StageContext): readonly FirewallLog[] {
  const regions = (['primary', 'secondary'] as const).map((regionType) => ({
    regionType,
    region: inRegion(context, regionType).region,
    logGroupName: wafLogGroup(context),
  }));
  if (context.settings.edge.state === 'none') return regions;
  return [...regions, { regionType: 'edge', region: EDGE_REGION, logGroupName: edgeWafLogGroup(context) }];
}

/**
 * Reads the log of a web ACL.
 *
 * @param since - milliseconds since the epoch
 */
export async function readBlocked(
  { regionType, region, logGroupName }: FirewallLog,
  client: CloudWatchLogsClient,
  since: number,
): Promise<RegionBlocked> {
  const requests: BlockedRequest[] = [];
  let more = false;
  const read = async () => {
    const input = { logGroupName, startTime: since };
    for await (const { events = [] } of paginateFilterLogEvents({ client }, input)) {
      for (const { message = '' } of events) requests.push(...parsed(message));
      more = requests.length >= MOST_EVENTS;
      if (more) break;
    }
  };
  try {
    await unlessAbsent(read());
  } catch (error) {
    return { regionType, region, byRule: {}, last: [], more: false, problem: errorReason(error) };
  }
  return { regionType, region, ...summarized(requests), more };
}

/**
 * What the local runtime's web ACLs blocked, of what it keeps.
 *
 * @param events - of the kind `waf`
 */
export function localBlocked(context: StageContext, events: readonly RuntimeEvent[]): readonly RegionBlocked[] {
  return (['primary', 'secondary'] as const).map((regionType) => {
    const lines = events.flatMap((event) => (event.kind === 'waf' && event.region === regionType ? [event.line] : []));
    const passed = lines.flatMap((line) => {
      const entry = logSchema.safeParse(jsonOf(line));
      return entry.success && entry.data.action !== 'BLOCK' ? entry.data.nonTerminatingMatchingRules : [];
    });
    const spared = [...new Set(passed.map(({ ruleId }) => ruleId))];
    const { region } = inRegion(context, regionType);
    return { regionType, region, ...summarized(lines.flatMap(parsed)), more: false, spared };
  });
}

function summarized(requests: readonly BlockedRequest[]): Pick<RegionBlocked, 'byRule' | 'last'> {
  const newest = [...requests].sort((one, other) => (one.time < other.time ? 1 : -1));
  return { byRule: counted(requests), last: newest.slice(0, LAST) };
}

function counted(requests: readonly BlockedRequest[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { rule } of requests) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}

function parsed(message: string): readonly BlockedRequest[] {
  const entry = logSchema.safeParse(jsonOf(message));
  if (!entry.success || entry.data.action !== 'BLOCK') return [];
  const { timestamp, terminatingRuleId, ruleGroupList, httpRequest } = entry.data;
  const inner = ruleGroupList.find(({ terminatingRule }) => terminatingRule?.action === 'BLOCK')?.terminatingRule;
  return [
    {
      time: new Date(timestamp).toISOString(),
      rule: inner ? `${terminatingRuleId}/${inner.ruleId}` : terminatingRuleId,
      ip: httpRequest.clientIp,
      country: httpRequest.country,
      method: httpRequest.httpMethod,
      path: httpRequest.uri,
    },
  ];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
