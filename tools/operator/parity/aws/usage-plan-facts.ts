import { type APIGatewayClient, paginateGetUsagePlans, type UsagePlan } from '@aws-sdk/client-api-gateway';
import { admittedKeys } from '../../keys/admitted-keys.ts';
import { type Fact, factsOf, factValue } from '../fact.ts';

/** The stage's usage plans: quota, throttle, stages, and their keys by fingerprint. */
export async function usagePlanFacts(client: APIGatewayClient, prefix: string): Promise<readonly Fact[]> {
  const plans: UsagePlan[] = [];
  for await (const { items = [] } of paginateGetUsagePlans({ client }, { limit: 500 })) {
    plans.push(...items.filter(({ name = '' }) => name === prefix || name.startsWith(`${prefix}-`)));
  }
  const facts = plans.map(async ({ id = '', name = '', quota, throttle, apiStages = [] }) => {
    const keys = await admittedKeys(client, id);
    return factsOf(name, {
      quota: quota && `${quota.limit} a ${quota.period}`,
      throttle: throttle && `${throttle.rateLimit}/s, ${throttle.burstLimit} at once`,
      'admits to': listed(apiStages.map(({ stage }) => stage ?? '')),
      'throttle per method': listed(apiStages.map(({ stage, throttle }) => `${stage} ${factValue(throttle)}`)),
      'API keys': listed(keys.map((key) => `${key.fingerprint} ${key.enabled ? 'enabled' : 'disabled'}`)),
    });
  });
  return (await Promise.all(facts)).flat();
}

function listed(values: readonly string[]): string {
  return values.toSorted().join(', ') || '-';
}
