import { SSMClient } from '@aws-sdk/client-ssm';
import type { StageContext } from '../../../stacks/context.ts';
import { parameterPath } from '../../../stacks/naming.ts';
import { connectControl } from '../../local/control/client.ts';
import { accessOf, clientSettings } from '../aws/aws-access.ts';
import type { ParameterStores } from './parameter-store.ts';
import { ssmParameterStore } from './ssm-store.ts';

/** The stores of a stage in both regions, in the stage's AWS account. */
export function awsStores(context: StageContext): ParameterStores {
  const { primaryRegion, secondaryRegion } = context.settings;
  const path = parameterPath(context, '');
  const store = (region: string) =>
    ssmParameterStore(new SSMClient(clientSettings(accessOf(context), region)), region, path);
  return { primary: store(primaryRegion), secondary: store(secondaryRegion) };
}

/** The stores of the local runtime that runs in the working directory. @throws NoRuntimeError when none does */
export async function localStores(context: StageContext): Promise<ParameterStores> {
  const { regions, credentials } = await (await connectControl(process.cwd())).endpoints();
  const path = parameterPath(context, '');
  const store = ({ region, ssm }: { readonly region: string; readonly ssm: string }) =>
    ssmParameterStore(new SSMClient({ region, endpoint: ssm, credentials }), region, path);
  return { primary: store(regions.primary), secondary: store(regions.secondary) };
}
