import { SSMClient } from '@aws-sdk/client-ssm';
import { access, replaceString } from '#contract/replace-string.ts';
import type { ResponseOf } from '#contract/response.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { ssmParameterStore } from '#functions/adapters/ssm-parameter-store.ts';
import { readEnvironment } from '#functions/environment.ts';
import { parseRequest } from '#functions/http/parse-request.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import type { RouteRequest } from '#functions/http/routes.ts';
import { currentReplacements } from './current-replacements.ts';
import { replaceContent } from './replace-content.ts';

/**
 * A change is seen within this time. Parameter Store answers 40 requests a second and region, which is enough for 160 busy execution
 * environments, if nobody else asks.
 *
 * Source: AWS General Reference, "AWS Systems Manager endpoints and quotas", Parameter Store default throughput.
 */
const lifetimeMs = 5000;

function compose(log: RouteRequest['log']) {
  const { REPLACEMENT_MAP_PARAMETER: parameter } = readEnvironment(access);
  const store = ssmParameterStore(new SSMClient(clientSettings({ maxAttempts: 2, connectMs: 1000, attemptMs: 2000 })));
  return currentReplacements({
    read: () => store.read(parameter),
    lifetimeMs,
    onFailure: (message, error) => log.error(message, { parameter, error }),
  });
}

let replacements: ReturnType<typeof compose> | undefined;

export const handler = restHandler<typeof replaceString>('string-replace', { 'POST /string/replace': replace });

async function replace({
  json,
  log,
  requestId,
}: RouteRequest<typeof replaceString>): Promise<ResponseOf<typeof replaceString>> {
  const { content } = parseRequest(replaceString.request.body, json());
  replacements ??= compose(log);
  const current = await replacements();
  if (current === undefined) {
    return { status: 503, body: { error: 'The replacement map cannot be read', requestId } };
  }
  return { status: 200, body: { content: replaceContent(current, content) } };
}
