import { z } from 'zod';
import { accessLogSettings } from '#local/model/access-log.ts';
import type { RestStage } from '#local/model/api-model.ts';
import { textMap } from '#local/model/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';

const stage = z.object({
  rest_api_id: z.string(),
  stage_name: z.string(),
  deployment_id: z.string(),
  variables: textMap,
  documentation_version: z.string().optional(),
  access_log_settings: accessLogSettings,
});

/** @returns for an API's id: its stages */
export function readStages(reader: ResourceReader): (apiId: string) => readonly RestStage[] {
  // A deployment freezes the API as it is; the API as it is is served.
  reader.serve('managed', 'aws_api_gateway_deployment');
  const stages = reader.managed('aws_api_gateway_stage', stage);
  return (apiId) =>
    stages
      .filter(({ values }) => values.rest_api_id === apiId)
      .map(({ values }) => ({
        name: values.stage_name,
        deploymentId: values.deployment_id,
        variables: values.variables,
        ...(values.documentation_version ? { documentationVersion: values.documentation_version } : {}),
        ...(values.access_log_settings ? { accessLog: values.access_log_settings } : {}),
      }));
}
