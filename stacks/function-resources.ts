import type { AccessResources } from '#constructs/function-access.ts';
import type { CorsVariable } from '#functions/http/cors.ts';
import type { Base } from './base.ts';
import type { RegionContext } from './context.ts';
import { type Data, indexesOf } from './data.ts';
import { parameterPath, prefix } from './naming.ts';
import { partitionOf } from './settings/partitions.ts';

/** What the variables of operations name in one region, whether a function runs them or the container. */
export function functionResources(
  context: RegionContext,
  { data, base, accountId }: { readonly data: Data; readonly base: Base; readonly accountId: string },
): AccessResources {
  const arn = `arn:${partitionOf(context.region)}`;
  return {
    values: {
      STAGE: context.stage,
      REGION_TYPE: context.regionType,
      CORS: corsVariable(context.settings.cors),
      METRIC_NAMESPACE: prefix(context),
      // Of each function its own: see createApiStack.
      RECORDING: '',
    },
    table: (table) => ({
      indexes: indexesOf(table),
      name: data.tableName(table),
      arn: `${arn}:dynamodb:${context.region}:${accountId}:table/${data.tableName(table)}`,
    }),
    parameter: (parameter) => {
      const name = parameterPath(context, parameter);
      return { name, arn: `${arn}:ssm:${context.region}:${accountId}:parameter${name}` };
    },
    bucket: { name: base.dataBucket.bucketName, arn: base.dataBucket.arn },
  };
}

function corsVariable({ allowOrigins, exposeHeaders, allowCredentials }: RegionContext['settings']['cors']): string {
  const variable: CorsVariable = { origins: allowOrigins, expose: exposeHeaders, credentials: allowCredentials };
  return JSON.stringify(variable);
}
