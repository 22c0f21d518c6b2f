import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Credentials } from '#client/sign-request.ts';
import type { Operation } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/cli/credentials-error.ts';
import { CallError } from '#operator/cli/errors.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { inRegion, type StageContext } from '#stacks/context.ts';
import { parameterPath, prefix } from '#stacks/naming.ts';
import { keyValues } from '#stacks/settings/parameters.ts';
import type { CallTarget, Place } from './call-target.ts';
import { findApi } from './find-api.ts';

/**
 * Where an operation answers at a stage on AWS: at the stage's public name, or at the gateway of one region.
 *
 * @throws SettingsError for a stage that the settings don't have, CallError for an environment that they don't have,
 * CredentialsError when AWS refuses the credentials
 */
export async function stageTarget(
  { api, auth }: Pick<Operation, 'api' | 'auth'>,
  { env, region: regionType, key }: Place & { readonly key?: string },
  stage: string,
): Promise<CallTarget> {
  const context = loadStageContext(stage);
  const environment = checkedEnvironment(context, env);
  const { region } = inRegion(context, regionType ?? 'primary');
  const ssm = new SSMClient(clientSettings(accessOf(context), region));
  const credentials = (): Promise<Credentials> =>
    explainingCredentials(accessOf(context), () => ssm.config.credentials());
  return explainingCredentials(accessOf(context), async () => {
    const isPublic = env === undefined && regionType === undefined;
    const baseUrl = isPublic
      ? `https://${await parameter(ssm, context, api === 'rest' ? 'domain_name' : 'events_domain_name')}`
      : `${await findApi({ api, name: prefix(context), region, credentials: await credentials() })}/${environment}`;
    const ownKey = environment === PREVIEW ? 'preview_api_key' : 'api_key';
    const apiKey = auth === 'apiKey' ? (key ?? keyValues(await parameter(ssm, context, ownKey))[0]) : undefined;
    return { baseUrl, apiKey, credentials, region };
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

async function parameter(ssm: SSMClient, context: StageContext, name: string): Promise<string> {
  const path = parameterPath(context, name);
  const { Parameter } = await ssm
    .send(new GetParameterCommand({ Name: path, WithDecryption: true }))
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'ParameterNotFound') throw error;
      throw new CallError(`The parameter ${path} is not set: two-region params put ${context.stage} ${name}`);
    });
  return Parameter?.Value ?? '';
}
