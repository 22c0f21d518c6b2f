import { type APIGatewayClient, paginateGetApiKeys } from '@aws-sdk/client-api-gateway';
import { JOURNEYS_KEY, keyValues } from '#stacks/settings/parameters.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whether another key of the account and region has one of the stage's values: API Gateway takes a value once.
 *
 * Source: Amazon API Gateway REST API Reference, "CreateApiKey", ConflictException.
 */
export async function checkKeys(
  client: APIGatewayClient,
  region: string,
  ownPrefix: string,
  values: ReadonlyMap<string, string>,
): Promise<Verdict> {
  const own = ['api_key', 'preview_api_key', JOURNEYS_KEY].flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : keyValues(value).flatMap((key) => (key ? [{ name, key }] : []));
  });
  const taken: string[] = [];
  for await (const { items = [] } of paginateGetApiKeys({ client }, { includeValues: true, limit: 500 })) {
    for (const { name = '', value } of items) {
      const hit = own.find(({ key }) => key === value);
      if (hit !== undefined && !isOwnKey(name, ownPrefix))
        taken.push(`${hit.name} is also the key ${name} in ${region}`);
    }
  }
  if (taken.length === 0) return { outcome: 'ok', found: `values of their own in ${region}` };
  const fix = 'Set another value: two-region params put; API Gateway takes each once per account and region.';
  return { outcome: 'fail', found: taken.join('; '), fix };
}

/** Keys of a stage are `<app>-<stage>-<fingerprint>`, `<app>-<stage>-preview-<fingerprint>` and `<app>-<stage>-journeys-<fingerprint>`. */
function isOwnKey(name: string, ownPrefix: string): boolean {
  return (
    name.startsWith(`${ownPrefix}-`) && /^(?:(?:preview|journeys)-)?[0-9a-f]{8}$/.test(name.slice(ownPrefix.length + 1))
  );
}
