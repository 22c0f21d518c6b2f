import { type APIGatewayClient, paginateGetUsagePlans, type UsagePlan } from '@aws-sdk/client-api-gateway';
import { admittedKeys } from '../../keys/admitted-keys.ts';
import { type Fact, factValue } from '../fact.ts';

/** The stage's usage plans: quota, throttle, stages, and their keys by fingerprint. */
export async function usagePlanFacts(client: APIGatewayClient, prefix: string): Promise<readonly Fact[]> {
  const plans: UsagePlan[] = [];
  for await (const { items = [] } of paginateGetUsagePlans({ client }, { limit: 500 })) {
    plans.push(...items.filter(({ name = '' }) => name === prefix || name.startsWith(`${prefix}-`)));
  }
  const facts = plans.map(async ({ id = '', name = '', quota, throttle, apiStages = [] }) => {
    const keys = await admittedKeys(client, id);
    return [
      { kind: 'quota', name, value: quota === undefined ? '-' : `${quota.limit} a ${quota.period}` },
      {
        kind: 'throttle',
        name,
        value: throttle === undefined ? '-' : `${throttle.rateLimit}/s, ${throttle.burstLimit} at once`,
      },
      { kind: 'admits to', name, value: listed(apiStages.map(({ stage }) => stage ?? '')) },
      {
        kind: 'throttle per method',
        name,
        value: listed(apiStages.map(({ stage, throttle }) => `${stage} ${factValue(throttle)}`)),
      },
      {
        kind: 'API keys',
        name,
        value: listed(keys.map((key) => `${key.fingerprint} ${key.enabled ? 'enabled' : 'disabled'}`)),
      },
    ];
  });
  return (await Promise.all(facts)).flat();
}

function listed(values: readonly string[]): string {
  return values.toSorted().join(', ') || '-';
}
