import { z } from 'zod';
import { optionalBlock } from '#local/terraform/block-schema.ts';
import type { AccessLog } from './api-model.ts';

/** `access_log_settings` of a stage, REST or HTTP. */
export const accessLogSettings = optionalBlock(
  z
    .object({ destination_arn: z.string(), format: z.string() })
    .transform(
      (settings): AccessLog => ({ logGroup: logGroupName(settings.destination_arn), format: settings.format }),
    ),
);

/** `arn:aws:logs:eu-west-1:000000000000:log-group:/aws/apigateway/x:*` → `/aws/apigateway/x`. */
function logGroupName(arn: string): string {
  return arn.split(':').slice(6).join(':').replace(/:\*$/, '') || arn;
}
