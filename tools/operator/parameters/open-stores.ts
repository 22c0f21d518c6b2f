import { SSMClient } from '@aws-sdk/client-ssm';
import type { ControlClient } from '#local/control/client.ts';
import type { RegionMessage } from '#local/control/regions-schema.ts';
import { accessOf, clientSettings, REQUEST_PATIENCE } from '#operator/aws/aws-access.ts';
import { ParametersError } from '#operator/cli/errors.ts';
import type { StageContext } from '#stacks/context.ts';
import { parameterPath, regionKeyAlias } from '#stacks/naming.ts';
import { type ParameterStores, ssmParameterStore } from './ssm-store.ts';

/** The stores of a stage in both regions, in the stage's AWS account. */
export function awsStores(context: StageContext): ParameterStores {
  const { ownKeys, primaryRegion, secondaryRegion } = context.settings;
  const keyAlias = ownKeys.includes('parameters') ? `alias/${regionKeyAlias(context)}` : undefined;
  const path = parameterPath(context, '');
  const store = (region: string) =>
    ssmParameterStore(new SSMClient(clientSettings(accessOf(context), region)), region, path, keyAlias);
  return { primary: store(primaryRegion), secondary: store(secondaryRegion) };
}

/** The stores of a running local runtime. @param context - of the stage that it runs */
export async function localStores(
  context: StageContext,
  runtime: Pick<ControlClient, 'regions'>,
): Promise<ParameterStores> {
  const { regions, credentials } = await runtime.regions();
  const path = parameterPath(context, '');
  const store = ({ region, services }: RegionMessage) => {
    const endpoint = services.ssm;
    if (endpoint === undefined) throw new ParametersError(`the local runtime serves no Parameter Store in ${region}.`);
    const settings = { region, endpoint, credentials: credentials.operator, requestHandler: REQUEST_PATIENCE };
    return ssmParameterStore(new SSMClient(settings), region, path);
  };
  return { primary: store(regions.primary), secondary: store(regions.secondary) };
}
