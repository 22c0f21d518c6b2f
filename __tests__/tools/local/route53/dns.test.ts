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

function dnsOf(records: DnsRecord[], unhealthy = new Set<string>()) {
  const log = new RuntimeLog();
  const dns = createDns({
    records,
    isHealthy: (id) => !unhealthy.has(id),
    regionOf: (target) => (target.startsWith('d-p') ? 'primary' : target.startsWith('d-s') ? 'secondary' : undefined),
    log,
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
