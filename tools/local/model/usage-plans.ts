import { z } from 'zod';
import { flag, numeric } from '#local/model/arguments/argument-schema.ts';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';
import type { UsagePlan } from './api-model.ts';
import type { ResourceReader } from './resource-reader.ts';

const apiKey = z.object({ id: z.string(), name: z.string(), value: z.string(), enabled: flag.default(true) });

const usagePlan = z.object({
  id: z.string(),
  name: z.string(),
  api_stages: blocks(z.object({ api_id: z.string(), stage: z.string() })),
  throttle_settings: optionalBlock(z.object({ rate_limit: z.number().default(0), burst_limit: numeric.default(0) })),
  quota_settings: optionalBlock(
    z.object({ limit: numeric, offset: numeric.default(0), period: z.enum(['DAY', 'MONTH', 'WEEK']) }),
  ),
});

const usagePlanKey = z.object({ key_id: z.string(), usage_plan_id: z.string() });

/** Usage plans of every region with their API keys. */
export function readUsagePlans(reader: ResourceReader): readonly (UsagePlan & { readonly region: string })[] {
  const keys = new Map(reader.managed('aws_api_gateway_api_key', apiKey).map(({ values }) => [values.id, values]));
  const memberships = reader.managed('aws_api_gateway_usage_plan_key', usagePlanKey);
  for (const one of memberships) {
    if (!keys.has(one.values.key_id)) {
      reader.fail(one, `key_id: no aws_api_gateway_api_key has the id ${one.values.key_id}`);
    }
  }
  return reader.managed('aws_api_gateway_usage_plan', usagePlan).map(({ region, values }) => {
    const { throttle_settings: throttle, quota_settings: quota } = values;
    return {
      region,
      id: values.id,
      name: values.name,
      apiStages: values.api_stages.map((one) => ({ apiId: one.api_id, stage: one.stage })),
      ...(throttle ? { throttle: { rateLimit: throttle.rate_limit, burstLimit: throttle.burst_limit } } : {}),
      ...(quota ? { quota } : {}),
      keys: memberships
        .filter((one) => one.values.usage_plan_id === values.id)
        .flatMap((one) => keys.get(one.values.key_id) ?? []),
    };
  });
}
