import { z } from 'zod';
import { numeric } from './argument-schema.ts';
import type { LogGroup } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const logGroup = z.object({ name: z.string(), retention_in_days: numeric.optional() });

/** Log groups of every region. What is written to them is kept by the runtime's log. */
export function readLogGroups(reader: ResourceReader): readonly (LogGroup & { readonly region: string })[] {
  return reader.managed('aws_cloudwatch_log_group', logGroup).map(({ region, values }) => ({
    region,
    name: values.name,
    // 0: CloudWatch Logs API, "PutRetentionPolicy"; Terraform's word for never.
    ...(values.retention_in_days ? { retentionDays: values.retention_in_days } : {}),
  }));
}
