import { z } from 'zod';
import { numeric } from '#local/model/arguments/argument-schema.ts';
import { optionalBlock } from '#local/terraform/block-schema.ts';
import type { DnsRecord } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

/** Seconds. Source: Amazon Route 53, "Choosing between alias and non-alias records": an alias has its target's TTL. */
const ALIAS_TTL = 60;

const record = z.object({
  name: z.string(),
  type: z.string(),
  set_identifier: z.string().optional(),
  health_check_id: z.string().optional(),
  ttl: numeric.optional(),
  alias: optionalBlock(z.object({ name: z.string() })),
  failover_routing_policy: optionalBlock(z.object({ type: z.enum(['PRIMARY', 'SECONDARY']) })),
  weighted_routing_policy: optionalBlock(z.object({ weight: numeric })),
  latency_routing_policy: optionalBlock(z.object({ region: z.string() })),
});

/** Records of every hosted zone. A name's record for IPv6 leads where its record for IPv4 does, and on one machine both are one address. */
export function readDnsRecords(reader: ResourceReader): readonly DnsRecord[] {
  const records = reader.managed('aws_route53_record', record).filter(({ values }) => values.type !== 'AAAA');
  return records.map(({ values }) => ({
    name: withoutFinalDot(values.name),
    type: values.type,
    ...(values.set_identifier === undefined ? {} : { setIdentifier: values.set_identifier }),
    ...(values.failover_routing_policy ? { failover: values.failover_routing_policy.type } : {}),
    ...(values.weighted_routing_policy ? { weight: values.weighted_routing_policy.weight } : {}),
    ...(values.latency_routing_policy ? { latencyRegion: values.latency_routing_policy.region } : {}),
    ...(values.health_check_id === undefined ? {} : { healthCheckId: values.health_check_id }),
    ...(values.alias ? { aliasTarget: withoutFinalDot(values.alias.name) } : {}),
    ttlSeconds: values.ttl ?? ALIAS_TTL,
  }));
}

function withoutFinalDot(name: string): string {
  return name.replace(/\.$/, '');
}
