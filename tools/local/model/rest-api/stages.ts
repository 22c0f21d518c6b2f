import { z } from 'zod';
import { accessLogSettings } from '#local/model/access-log.ts';
import type { RestStage, ThrottleLimits } from '#local/model/api-model.ts';
import { amount, textMap } from '#local/model/arguments/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { readWebAclAssociations } from '#local/model/waf/web-acls.ts';
import { optionalBlock } from '#local/terraform/block-schema.ts';

const stage = z.object({
  arn: z.string(),
  rest_api_id: z.string(),
  stage_name: z.string(),
  deployment_id: z.string(),
  variables: textMap,
  documentation_version: z.string().optional(),
  access_log_settings: accessLogSettings,
});

/** What Terraform says for "none". */
const NO_LIMIT = -1;

const methodSettings = z.object({
  rest_api_id: z.string(),
  stage_name: z.string(),
  method_path: z.string(),
  settings: optionalBlock(
    z.object({
      throttling_rate_limit: amount.default(NO_LIMIT),
      throttling_burst_limit: amount.default(NO_LIMIT),
    }),
  ),
});

/** @returns for an API's id: its stages */
export function readStages(reader: ResourceReader): (apiId: string) => readonly RestStage[] {
  // A deployment freezes the API as it is; the API as it is is served.
  reader.serve('managed', 'aws_api_gateway_deployment');
  const stages = reader.managed('aws_api_gateway_stage', stage);
  const throttles = readThrottles(reader);
  const webAclOf = readWebAclAssociations(reader);
  return (apiId) =>
    stages
      .filter(({ values }) => values.rest_api_id === apiId)
      .map(({ values }) => ({ values, webAclArn: webAclOf(values.arn) }))
      .map(({ values, webAclArn }) => ({
        name: values.stage_name,
        deploymentId: values.deployment_id,
        variables: values.variables,
        ...(webAclArn !== undefined && { webAclArn }),
        ...(values.documentation_version ? { documentationVersion: values.documentation_version } : {}),
        ...throttles(apiId, values.stage_name),
        ...(values.access_log_settings ? { accessLog: values.access_log_settings } : {}),
      }));
}

/**
 * Limits of methods, and of all that have none of their own. A limit that isn't set is the account's, which is not reached here.
 *
 * Source: Amazon API Gateway API, "MethodSetting": a resource's path without its first slash, others as `~1`, a slash and the method.
 */
function readThrottles(reader: ResourceReader) {
  const all = reader.managed('aws_api_gateway_method_settings', methodSettings);
  return (apiId: string, stageName: string): Pick<RestStage, 'defaultThrottle' | 'methodThrottles'> => {
    let defaultThrottle: ThrottleLimits | undefined;
    const methodThrottles: Record<string, ThrottleLimits> = {};
    for (const { values } of all) {
      if (values.rest_api_id !== apiId || values.stage_name !== stageName || !values.settings) continue;
      const { throttling_rate_limit: rate, throttling_burst_limit: burst } = values.settings;
      if (rate === NO_LIMIT && burst === NO_LIMIT) continue;
      const limits = {
        rateLimit: rate === NO_LIMIT ? ACCOUNT.rate : rate,
        burstLimit: burst === NO_LIMIT ? ACCOUNT.burst : burst,
      };
      if (values.method_path === '*/*') defaultThrottle = limits;
      else methodThrottles[methodOf(values.method_path)] = limits;
    }
    return {
      ...(defaultThrottle && { defaultThrottle }),
      ...(Object.keys(methodThrottles).length > 0 && { methodThrottles }),
    };
  };
}

/** Of an account in each region. Source: Amazon API Gateway Developer Guide, "Amazon API Gateway quotas". */
const ACCOUNT = { rate: 10_000, burst: 5_000 };

/** `user/{id}/GET` → `GET /user/{id}`. */
function methodOf(methodPath: string): string {
  const path = methodPath.replaceAll('~1', '/');
  const slash = path.lastIndexOf('/');
  return `${path.slice(slash + 1)} /${path.slice(0, slash).replace(/^\/+/, '')}`;
}
