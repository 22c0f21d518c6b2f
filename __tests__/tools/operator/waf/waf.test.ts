import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import pc from 'picocolors';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { firewallLogs, localBlocked, readBlocked } from '#operator/waf/read-blocked.ts';
import { describeBlocked } from '#operator/waf/run-waf.ts';
import { prefix } from '#stacks/naming.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

/** An entry as AWS WAF writes it, less what is not read. */
const entry = (timestamp: number, rule: string, inner?: string) => ({
  message: JSON.stringify({
    timestamp,
    formatVersion: 1,
    terminatingRuleId: rule,
    action: 'BLOCK',
    ruleGroupList: inner
      ? [
          { ruleGroupId: 'AWS#AWSManagedRulesAmazonIpReputationList', terminatingRule: null },
          { ruleGroupId: 'AWS#AWSManagedRulesCommonRuleSet', terminatingRule: { ruleId: inner, action: 'BLOCK' } },
        ]
      : [],
    httpRequest: {
      clientIp: '192.0.2.1',
      country: 'DE',
      httpMethod: 'GET',
      uri: '/envA/user/a1B2c3D4',
      args: 'name=x',
    },
  }),
});

describe('two-region waf (S3.8)', () => {
  const logs = mockClient(CloudWatchLogsClient);
  beforeEach(() => logs.reset());
  afterAll(() => logs.restore());
  const [primaryLog] = firewallLogs(context);
  const read = async () => {
    if (primaryLog === undefined) throw new Error('no log');
    return readBlocked(primaryLog, new CloudWatchLogsClient({ region: 'eu-central-1' }), 1000);
  };

  it('asks the edge, too, where there is one: clients come to it first (S4.1)', () => {
    expect(firewallLogs(context).map(({ regionType }) => regionType)).toEqual(['primary', 'secondary']);
    const { settings } = context;
    const edged = { ...context, settings: { ...settings, edge: { ...settings.edge, state: 'active' as const } } };
    expect(firewallLogs(edged)[2]).toEqual({
      regionType: 'edge',
      region: 'us-east-1',
      logGroupName: `aws-waf-logs-${prefix(context)}-edge`,
    });
  });

  it("says how many requests each rule blocked, a group's by the rule within, and shows the last ones", async () => {
    logs
      .on(FilterLogEventsCommand)
      .resolvesOnce({ events: [entry(1_800_000_000_000, 'rate'), { message: 'not JSON' }], nextToken: 'more' })
      .resolves({
        events: [entry(1_800_000_060_000, 'common', 'NoUserAgent_HEADER'), entry(1_800_000_001_000, 'rate')],
      });
    const blocked = await read();
    expect(logs.commandCalls(FilterLogEventsCommand)[0]?.args[0].input).toMatchObject({
      logGroupName: `aws-waf-logs-${prefix(context)}`,
      startTime: 1000,
    });
    expect(blocked.byRule).toEqual({ rate: 2, 'common/NoUserAgent_HEADER': 1 });
    expect(describeBlocked(blocked, pc.createColors(false))).toBe(
      [
        'primary eu-central-1',
        '  2  rate',
        '  1  common/NoUserAgent_HEADER',
        '  last:',
        '  2027-01-15T08:01:00Z  GET /envA/user/a1B2c3D4  192.0.2.1 (DE)  common/NoUserAgent_HEADER',
        '  2027-01-15T08:00:01Z  GET /envA/user/a1B2c3D4  192.0.2.1 (DE)  rate',
        '  2027-01-15T08:00:00Z  GET /envA/user/a1B2c3D4  192.0.2.1 (DE)  rate',
      ].join('\n'),
    );
  });

  it('says that nothing was blocked, also before there is a firewall', async () => {
    logs.on(FilterLogEventsCommand).rejects(Object.assign(new Error('no'), { name: 'ResourceNotFoundException' }));
    expect(describeBlocked(await read(), pc.createColors(false))).toContain('nothing was blocked');
  });

  it('says of a region why it could not be asked', async () => {
    logs.on(FilterLogEventsCommand).rejects(new Error('throttled'));
    expect(await read()).toMatchObject({ problem: 'throttled', byRule: {} });
  });

  it('stops at ten thousand, and says so', async () => {
    const events = Array.from({ length: 5000 }, (_, at) => entry(1_800_000_000_000 + at, 'rate'));
    logs.on(FilterLogEventsCommand).resolves({ events, nextToken: 'more' });
    const blocked = await read();
    expect(blocked).toMatchObject({ byRule: { rate: 10_000 }, more: true });
    expect(blocked.last).toHaveLength(10);
  });

  it('says of the local runtime what it blocked, and whom it let pass as a client of this machine (S3.8)', () => {
    const line = (action: string, rule: string, counted: readonly object[] = []) =>
      JSON.stringify({
        ...JSON.parse(entry(1_800_000_000_000, rule).message),
        action,
        nonTerminatingMatchingRules: counted,
      });
    const event = {
      kind: 'waf',
      time: 0,
      region: 'primary',
      environment: 'envA',
      logGroup: '',
      requestId: '',
    } as const;
    const [primary, secondary] = localBlocked(context, [
      { ...event, line: line('BLOCK', 'rate') },
      { ...event, line: line('ALLOW', 'Default_Action', [{ ruleId: 'rate', action: 'COUNT' }]) },
    ]);
    expect(primary).toMatchObject({ region: 'eu-central-1', byRule: { rate: 1 }, spared: ['rate'] });
    expect(secondary).toMatchObject({ byRule: {}, last: [], spared: [] });
    if (!primary) throw new Error('no region');
    expect(describeBlocked({ ...primary, byRule: {}, last: [] }, pc.createColors(false))).toBe(
      'primary eu-central-1\n  nothing was blocked\n  127.0.0.1 would be blocked by rate: counted, not blocked; npm start -- --waf blocks it',
    );
  });
});
