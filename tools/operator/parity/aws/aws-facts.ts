import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { awsObjectCopies } from '#operator/live/object-copies.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { objectFacts, parameterFacts, type RegionFacts, readFacts } from '#operator/parity/fact.ts';
import { inRegion, otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { prefix } from '#stacks/naming.ts';

import { alarmFacts, retentionFacts } from './alarm-facts.ts';
import { functionFacts } from './function-facts.ts';

import { contentFacts, httpStageFacts, restStageFacts, usagePlanFacts } from './stage-facts.ts';

/** Asks one region of a stage for everything that is compared. Nothing is asked of the other. */
export async function awsFacts(context: StageContext, regionType: RegionType): Promise<RegionFacts> {
  const { region } = inRegion(context, regionType);
  const settings = clientSettings(accessOf(context), region);
  const live = await readRegion(context, regionType, awsLiveSources(context).regions[regionType]);
  const { rest, http } = live.apiIds;
  const other = inRegion(context, otherRegion(regionType));
  const own = new Map([
    [other.region, 'the other region'],
    ...(http === undefined ? [] : [[http, 'HTTP API'] as const]),
  ]);
  return readFacts({ regionType, region }, [
    async () => contentFacts(live),
    () => functionFacts(new LambdaClient(settings), context, live.environments),
    () => restStageFacts(new APIGatewayClient(settings), rest),
    () => httpStageFacts(new ApiGatewayV2Client(settings), http),
    () => usagePlanFacts(new APIGatewayClient(settings), prefix(context)),
    () => objectFacts(awsObjectCopies(context)?.[regionType]),
    () => parameterFacts(awsStores(context)[regionType]),
    () => retentionFacts(new CloudWatchLogsClient(settings), prefix(context)),
    () => alarmFacts(new CloudWatchClient(settings), prefix(context), own),
  ]);
}
