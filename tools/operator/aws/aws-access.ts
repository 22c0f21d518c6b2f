import type { StageContext } from '#stacks/context.ts';

/** How a stage's AWS account is reached. Everything else comes from where the AWS SDK looks: environment, shared files, `AWS_ENDPOINT_URL`. */
export interface AwsAccess {
  readonly stage: string;
  /** Of the AWS CLI's shared files. @default - the SDK's default credentials */
  readonly profile?: string;
}

/** The access to a stage's account: the profile that `AWS_PROFILES` gives it. */
export function accessOf({ settings, stage }: StageContext): AwsAccess {
  const profile = settings.profiles[stage];
  return { stage, ...(profile !== undefined && { profile }) };
}

interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  readonly requestHandler: typeof REQUEST_PATIENCE;
}

/**
 * A region that is gone answers nothing: it is given up after seconds, not minutes. In milliseconds; without the last one the SDK's
 * handler writes a warning and waits on.
 */
export const REQUEST_PATIENCE = {
  connectionTimeout: 5000,
  requestTimeout: 10_000,
  throwOnRequestTimeout: true,
} as const;

/** Settings that every SDK client takes. @param region - `eu-central-1` */
export function clientSettings({ profile }: AwsAccess, region: string): ClientSettings {
  return { region, ...(profile !== undefined && { profile }), requestHandler: REQUEST_PATIENCE };
}

/** Whether S3 is asked at another endpoint than AWS's: there buckets are addressed by path, as `bucket.localhost` rarely resolves. */
export function hasOwnS3Endpoint(): boolean {
  return Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
}
