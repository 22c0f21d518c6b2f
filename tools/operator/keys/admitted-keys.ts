import {
  APIGatewayClient,
  GetApiKeyCommand,
  paginateGetUsagePlanKeys,
  paginateGetUsagePlans,
} from '@aws-sdk/client-api-gateway';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { fingerprint } from './key-parameter.ts';

/** A key that a usage plan admits. */
export interface AdmittedKey {
  readonly name: string;
  /** Of its value. */
  readonly fingerprint: string;
  readonly enabled: boolean;
}

/** Asks one region which keys a usage plan admits. @returns undefined when there is no such plan */
export type AdmittedKeys = (usagePlan: string) => Promise<readonly AdmittedKey[] | undefined>;

/** API Gateway of one region. Values are asked for, and only their fingerprints given on. */
export function gatewayKeys(context: StageContext, regionType: RegionType): AdmittedKeys {
  const client = new APIGatewayClient(clientSettings(accessOf(context), inRegion(context, regionType).region));
  return async (usagePlan) => {
    const usagePlanId = await planId(client, usagePlan);
    return usagePlanId === undefined ? undefined : admittedKeys(client, usagePlanId);
  };
}

/** Keys of a usage plan, by its id. */
export async function admittedKeys(client: APIGatewayClient, usagePlanId: string): Promise<readonly AdmittedKey[]> {
  const ids: string[] = [];
  for await (const { items = [] } of paginateGetUsagePlanKeys({ client }, { usagePlanId, limit: 500 })) {
    ids.push(...items.flatMap(({ id }) => id ?? []));
  }
  const keys = ids.map(async (apiKey): Promise<readonly AdmittedKey[]> => {
    const key = await unlessAbsent(client.send(new GetApiKeyCommand({ apiKey, includeValue: true })));
    if (key === undefined) return [];
    return [{ name: key.name ?? '', fingerprint: fingerprint(key.value ?? ''), enabled: key.enabled ?? true }];
  });
  return (await Promise.all(keys)).flat();
}

async function planId(client: APIGatewayClient, wanted: string): Promise<string | undefined> {
  for await (const { items = [] } of paginateGetUsagePlans({ client }, { limit: 500 })) {
    const found = items.find(({ name }) => name === wanted);
    if (found) return found.id;
  }
  return undefined;
}
