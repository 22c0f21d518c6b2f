import { z } from 'zod';
import { accessLogSettings } from '#local/model/access-log.ts';
import { textMap } from '#local/model/argument-schema.ts';
import type { HttpStage } from '#local/model/model.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';

const stage = z.object({
  api_id: z.string(),
  name: z.string(),
  // A stage that deploys by itself names none.
  deployment_id: z.string().default('auto'),
  stage_variables: textMap,
  access_log_settings: accessLogSettings,
});

/** @returns for an API's id: its stages */
export function readHttpStages(reader: ResourceReader): (apiId: string) => readonly HttpStage[] {
  reader.serve('managed', 'aws_apigatewayv2_deployment');
  const stages = reader.managed('aws_apigatewayv2_stage', stage);
  return (apiId) =>
    stages
      .filter(({ values }) => values.api_id === apiId)
      .map(({ values }) => ({
        name: values.name,
        deploymentId: values.deployment_id,
        variables: values.stage_variables,
        ...(values.access_log_settings ? { accessLog: values.access_log_settings } : {}),
      }));
}
