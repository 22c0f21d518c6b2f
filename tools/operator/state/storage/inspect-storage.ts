import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { errorReason } from '#functions/error-reason.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { isAboutCredentials } from '#operator/cli/credentials-error.ts';
import type { StageContext } from '#stacks/context.ts';
import type { StorageResource } from './storage-resources.ts';

/** A resource or one of its settings, and whether it is as bootstrap makes it. */
export interface Inspection extends Pick<StorageResource, 'kind' | 'name' | 'region' | 'regionType'> {
  /** `undefined` for the resource itself. */
  readonly setting?: string;
  readonly isRight: boolean;
  /** Why it could not be looked at. */
  readonly problem?: string;
}

/** Looks at what keeps a stage's state, at everything at the same time. Nothing is changed. */
export async function inspectStorage(resources: readonly StorageResource[]): Promise<readonly Inspection[]> {
  return (await Promise.all(resources.map(inspect))).flat();
}

async function inspect({ kind, name, region, regionType, exists, settings }: StorageResource): Promise<Inspection[]> {
  const about = { kind, name, region, ...(regionType && { regionType }) };
  const look = async (question: () => Promise<boolean>, setting?: string): Promise<Inspection> => {
    const subject = { ...about, ...(setting !== undefined && { setting }) };
    try {
      return { ...subject, isRight: await question() };
    } catch (error) {
      if (isAboutCredentials(error)) throw error;
      return { ...subject, isRight: false, problem: errorReason(error) };
    }
  };
  const self = await look(exists);
  if (!self.isRight) return [self];
  return [self, ...(await Promise.all(settings.map((setting) => look(() => setting.isSet(), setting.name))))];
}

/** `bucket two-region-api-state-dev (eu-central-1): versioning is not as it must be` */
export function describeInspection({ kind, name, region, setting, problem }: Inspection): string {
  const what = `${kind} ${name} (${region})`;
  if (problem !== undefined) return `${what}: ${setting ?? 'it'} can't be looked at: ${problem}`;
  return setting === undefined ? `${what}: is not there` : `${what}: ${setting} is not as it must be`;
}

/**
 * Id of the account that a stage's credentials belong to.
 *
 * @param region - which is asked first
 * @param other - which is asked when the first doesn't answer. @default - none
 */
export async function askAccount(context: StageContext, region: string, other?: string): Promise<string> {
  const sts = new STSClient(clientSettings(accessOf(context), region));
  try {
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === undefined) throw new Error('The response of AWS STS to GetCallerIdentity names no account.');
    return account;
  } catch (error) {
    if (other === undefined || isAboutCredentials(error)) throw error;
    return askAccount(context, other);
  }
}
