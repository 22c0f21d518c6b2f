import type { FactsMessage, RegionConfiguration } from '#local/control/facts-schema.ts';
import type { LocalModel, RegionModel } from '#local/model/model.ts';

/** What `GET /facts` answers. */
export function describeFacts({ stage, regions }: LocalModel): FactsMessage {
  return {
    stage,
    regions: { primary: configurationOf(regions.primary), secondary: configurationOf(regions.secondary) },
  };
}

function configurationOf(model: RegionModel): RegionConfiguration {
  const { region, functions, restApis, httpApis = [], usagePlans, logGroups = [] } = model;
  const stagesOf = (kind: 'http' | 'rest', apis: readonly Pick<(typeof restApis)[number], 'stages'>[]) =>
    apis.flatMap(({ stages }) =>
      stages.map(({ name, variables, accessLog }) => ({ kind, name, variables, ...(accessLog && { accessLog }) })),
    );
  return {
    region,
    functions: functions.map((each) => ({
      name: each.name,
      codeSha256: each.codeSha256,
      handler: each.handler,
      memoryMb: each.memoryMb,
      timeoutSeconds: each.timeoutSeconds,
      roleArn: each.roleArn,
      environment: each.environment,
      aliases: [...each.aliases],
    })),
    stages: [...stagesOf('rest', restApis), ...stagesOf('http', httpApis)],
    usagePlans: usagePlans.map(({ name, throttle, quota, apiStages, keys }) => ({
      name,
      ...(throttle && { throttle }),
      ...(quota && { quota }),
      stages: apiStages.map(({ stage }) => stage),
      keys: keys.map(({ value, enabled }) => ({ value, enabled })),
    })),
    logGroups: [...logGroups],
  };
}
