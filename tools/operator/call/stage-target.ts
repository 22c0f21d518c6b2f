import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Credentials } from '#client/sign-request.ts';
import type { Operation } from '#contract/operation.ts';
import { regionalName } from '#contract/regional-name.ts';
import { PREVIEW } from '#functions/environment.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { explainingCredentials, isAboutCredentials } from '#operator/cli/credentials-error.ts';
import { CallError } from '#operator/cli/errors.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { activeRegion, inRegion, otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { parameterPath } from '#stacks/naming.ts';
import { keyValues } from '#stacks/settings/parameters.ts';
import type { CallTarget, Identification, Place } from './call-target.ts';

const BOTH: readonly RegionType[] = ['primary', 'secondary'];

/**
 * Where an operation answers at a stage on AWS: at the stage's public name, at a region's own name, or below that at one environment.
 *
 * @throws SettingsError for a stage that the settings don't have, CallError for an environment that they don't have,
 * CredentialsError when AWS refuses the credentials
 */
export async function stageTarget(
  { api, auth }: Pick<Operation, 'api' | 'auth' | 'scopes'>,
  { env, region: regionType, key, token }: Place & Identification,
  stage: string,
): Promise<CallTarget> {
  const context = loadStageContext(stage);
  const environment = checkedEnvironment(context, env);
  const first = activeRegion(context.settings) ?? 'primary';
  const { region } = inRegion(context, regionType ?? first);
  const stores = (regionType === undefined ? BOTH : [regionType]).map(
    (type) => new SSMClient(clientSettings(accessOf(context), inRegion(context, type).region)),
  );
  const credentials = (): Promise<Credentials> =>
    explainingCredentials(accessOf(context), async () => {
      const [ssm] = stores;
      if (ssm === undefined) throw new Error('No region is asked.');
      return ssm.config.credentials();
    });
  return explainingCredentials(accessOf(context), async () => {
    const name = await parameter(stores, context, api === 'rest' ? 'domain_name' : 'events_domain_name');
    const isPublic = env === undefined && regionType === undefined;
    const path = env === undefined ? '' : `/${environment}`;
    const baseUrl = `https://${isPublic ? name : regionalName(region, name)}${path}`;
    const ownKey = environment === PREVIEW ? 'preview_api_key' : 'api_key';
    const apiKey = auth === 'apiKey' ? (key ?? keyValues(await parameter(stores, context, ownKey))[0]) : undefined;
    const regions = { regions: [first, otherRegion(first)].map((type) => inRegion(context, type).region) };
    return {
      baseUrl,
      apiKey,
      credentials,
      region,
      ...(token !== undefined && { token }),
      ...(isPublic && { regions }),
    };
  });
}

function checkedEnvironment({ settings }: StageContext, env: string | undefined): string {
  const allowed = [...settings.apiEnvironments, PREVIEW];
  const environment = env ?? allowed[0] ?? '';
  if (!allowed.includes(environment)) {
    throw new CallError(`--env is "${environment}", allowed are ${allowed.join(', ')}.`);
  }
  return environment;
}

/** Both regions have the parameters: one that does not answer is passed by. */
async function parameter([ssm, ...others]: readonly SSMClient[], context: StageContext, name: string): Promise<string> {
  const path = parameterPath(context, name);
  const read = ssm?.send(new GetParameterCommand({ Name: path, WithDecryption: true }));
  try {
    return (await read)?.Parameter?.Value ?? '';
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound') {
      throw new CallError(`The parameter ${path} is not set: two-region params put ${context.stage} ${name}`);
    }
    if (isAboutCredentials(error) || others.length === 0) throw error;
    return parameter(others, context, name);
  }
}
