import { ListResourceRecordSetsCommand, type ResourceRecordSet, Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRouting } from '#operator/live/public-records.ts';
import { context } from './faked-live.ts';

const alias = (region: string) => ({
  AliasTarget: { HostedZoneId: 'Z', DNSName: `d-1.execute-api.${region}.amazonaws.com.`, EvaluateTargetHealth: true },
});
const record = (name: string, rest: Partial<ResourceRecordSet>): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: 'A',
  ...rest,
});

describe('how public names are led (S4.2)', () => {
  const read = (records: readonly ResourceRecordSet[]) => {
    const route53 = mockClient(Route53Client);
    onTestFinished(() => route53.restore());
    route53.on(ListResourceRecordSetsCommand).callsFake(({ StartRecordName }) => ({
      // As Route 53 does: from the name on, whatever follows.
      ResourceRecordSets: records.filter(({ Name = '' }) => Name >= `${StartRecordName}.`),
    }));
    return readRouting(context, new Route53Client({ region: 'eu-west-1' }), 'Z1', ['api.example.com', 'b.example.com']);
  };

  it('failover records say which region is the active one', async () => {
    const two = [
      record('api.example.com', { SetIdentifier: 'primary', Failover: 'PRIMARY', ...alias('eu-west-1') }),
      record('api.example.com', { SetIdentifier: 'secondary', Failover: 'SECONDARY', ...alias('eu-central-1') }),
    ];
    expect(await read(two)).toEqual([{ name: 'api.example.com', policy: 'failover', active: 'secondary' }]);
  });

  it('of others both are; names without records, and with one that nothing is chosen among, say nothing', async () => {
    const others = [
      record('api.example.com', { SetIdentifier: 'primary', Weight: 0, ...alias('eu-central-1') }),
      record('b.example.com', { SetIdentifier: 'primary', Region: 'eu-central-1', ...alias('eu-central-1') }),
    ];
    expect(await read(others)).toEqual([
      { name: 'api.example.com', policy: 'weighted' },
      { name: 'b.example.com', policy: 'latency' },
    ]);
    expect(await read([record('api.example.com', { TTL: 60 }), record('zzz.example.com', { Weight: 1 })])).toEqual([]);
  });
});
