import { describe, expect, it } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { DnsRecord } from '#local/model/model.ts';
import { createDns } from '#local/route53/dns.ts';

const primary: DnsRecord = {
  name: 'api.example.com',
  type: 'A',
  setIdentifier: 'primary',
  failover: 'PRIMARY',
  healthCheckId: 'hc-p',
  aliasTarget: 'd-p.execute-api.eu-central-1.amazonaws.com',
  ttlSeconds: 60,
};
const secondary: DnsRecord = {
  ...primary,
  setIdentifier: 'secondary',
  failover: 'SECONDARY',
  healthCheckId: 'hc-s',
  aliasTarget: 'd-s.execute-api.eu-west-1.amazonaws.com',
};

function dnsOf(records: DnsRecord[], unhealthy = new Set<string>(), more: object = {}) {
  const log = new RuntimeLog();
  const dns = createDns({
    records,
    isHealthy: (id) => !unhealthy.has(id),
    regionOf: (target) => (target.startsWith('d-p') ? 'primary' : target.startsWith('d-s') ? 'secondary' : undefined),
    log,
    ...more,
  });
  return { dns, unhealthy, events: () => log.query(() => true) };
}

describe('failover records (S0.17)', () => {
  it.each([
    { unhealthy: [], answer: 'primary' },
    { unhealthy: ['hc-p'], answer: 'secondary' },
    { unhealthy: ['hc-s'], answer: 'primary' },
    { unhealthy: ['hc-p', 'hc-s'], answer: 'primary' },
  ])('answer $answer when $unhealthy are unhealthy', ({ unhealthy, answer }) => {
    const { dns } = dnsOf([secondary, primary], new Set(unhealthy));
    expect(dns.resolve('api.example.com')?.setIdentifier).toBe(answer);
  });

  it('take a record without a health check for healthy', () => {
    const { healthCheckId: _, ...unchecked } = secondary;
    expect(dnsOf([primary, unchecked], new Set(['hc-p', 'hc-s'])).dns.resolve('api.example.com')).toBe(unchecked);
  });

  it('answer for the name in any case and with a dot at the end, and for no other name', () => {
    const { dns } = dnsOf([primary, secondary]);
    expect(dns.resolve('API.Example.com.')).toBe(primary);
    expect(dns.resolve('example.com')).toBeUndefined();
  });

  it('log a change once, though the name has an A and an AAAA record', () => {
    const all = [primary, secondary, { ...primary, type: 'AAAA' }, { ...secondary, type: 'AAAA' }];
    const { dns, unhealthy, events } = dnsOf(all);
    dns.refresh();
    expect(events()).toEqual([]);
    unhealthy.add('hc-p');
    dns.refresh();
    dns.refresh();
    expect(events()).toMatchObject([{ kind: 'dns', name: 'api.example.com', from: 'primary', to: 'secondary' }]);
  });
});

describe('weighted records (S4.6)', () => {
  const { failover: _, ...plain } = primary;
  const weighted = (first: number, second: number): DnsRecord[] => [
    { ...plain, weight: first },
    {
      ...plain,
      weight: second,
      setIdentifier: 'secondary',
      healthCheckId: 'hc-s',
      aliasTarget: secondary.aliasTarget ?? '',
    },
  ];
  /** How many of 100 clients, whose lots are spread evenly, are led to the secondary region. */
  const share = (records: DnsRecord[], unhealthy: string[] = []) => {
    let client = 0;
    const { dns } = dnsOf(records, new Set(unhealthy), { draw: () => client++ / 100 });
    const led = Array.from({ length: 100 }, () => dns.resolve('api.example.com')?.setIdentifier);
    return led.filter((identifier) => identifier === 'secondary').length;
  };

  it.each([
    { weights: [50, 50], unhealthy: [], secondary: 50 },
    { weights: [90, 10], unhealthy: [], secondary: 10 },
    { weights: [3, 1], unhealthy: [], secondary: 25 },
    { weights: [90, 10], unhealthy: ['hc-p'], secondary: 100 },
    { weights: [90, 10], unhealthy: ['hc-s'], secondary: 0 },
    { weights: [90, 10], unhealthy: ['hc-p', 'hc-s'], secondary: 10 },
    { weights: [1, 0], unhealthy: [], secondary: 0 },
    { weights: [1, 0], unhealthy: ['hc-p'], secondary: 100 },
    { weights: [1, 0], unhealthy: ['hc-p', 'hc-s'], secondary: 0 },
    { weights: [0, 0], unhealthy: [], secondary: 50 },
  ])('of $weights lead $secondary % to the secondary region when $unhealthy are unhealthy', (each) => {
    expect(share(weighted(each.weights[0] ?? 0, each.weights[1] ?? 0), each.unhealthy)).toBe(each.secondary);
  });

  it('log that one region takes all, and nothing while both are answers', () => {
    const { dns, unhealthy, events } = dnsOf(weighted(50, 50));
    dns.refresh();
    expect(events()).toEqual([]);
    unhealthy.add('hc-p');
    dns.refresh();
    dns.refresh();
    expect(events()).toMatchObject([{ kind: 'dns', name: 'api.example.com', to: 'secondary' }]);
    unhealthy.clear();
    dns.refresh();
    unhealthy.add('hc-p');
    dns.refresh();
    expect(events()).toHaveLength(2);
  });
});

describe('latency records (S4.6)', () => {
  const { failover: _, ...plain } = primary;
  const records: DnsRecord[] = [
    { ...plain, latencyRegion: 'eu-central-1' },
    {
      ...plain,
      latencyRegion: 'us-east-1',
      setIdentifier: 'secondary',
      healthCheckId: 'hc-s',
      aliasTarget: secondary.aliasTarget ?? '',
    },
  ];

  it.each([
    { clientRegion: 'eu-west-1', unhealthy: [], answer: 'primary' },
    { clientRegion: 'us-west-2', unhealthy: [], answer: 'secondary' },
    { clientRegion: 'us-east-1', unhealthy: [], answer: 'secondary' },
    { clientRegion: 'us-west-2', unhealthy: ['hc-s'], answer: 'primary' },
    { clientRegion: 'eu-west-1', unhealthy: ['hc-p'], answer: 'secondary' },
    { clientRegion: 'us-west-2', unhealthy: ['hc-p', 'hc-s'], answer: 'secondary' },
    { clientRegion: undefined, unhealthy: [], answer: 'primary' },
  ])('lead a client near $clientRegion to the $answer region when $unhealthy are unhealthy', (each) => {
    const { dns } = dnsOf(records, new Set(each.unhealthy));
    expect(dns.resolve('api.example.com', each.clientRegion)?.setIdentifier).toBe(each.answer);
  });
});
