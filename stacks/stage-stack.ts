import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { StageContext } from './context.ts';
import { liveStateLocation, stateKeyPrefix } from './terraform/state-location.ts';
import { AWS_PROVIDER_VERSIONS, TERRAFORM_MINIMUM } from './terraform/versions.ts';

/** A stack and the provider that it works with unless it says otherwise. */
export interface StageStack {
  readonly stack: TerraformStack;
  readonly provider: AwsProvider;
}

/**
 * An empty stack with the stage's remote state, provider and default tags. Its id is `<stage>-<name>`, its state `<stage>/<id>.tfstate`
 * in the stage's bucket, locked in the stage's table. What reads its outputs from another stack reads them there, too.
 *
 * @param region - where the provider works; the state stays in one region, the primary unless settings say otherwise
 */
export function createStack(scope: Construct, context: StageContext, name: string, region: string): StageStack {
  const { settings, stage } = context;
  const id = `${stage}-${name}`;
  const profile = settings.profiles[stage];
  const stack = new TerraformStack(scope, id);
  const state = liveStateLocation(context);
  new S3Backend(stack, {
    bucket: state.bucket,
    key: `${stateKeyPrefix(context)}${id}.tfstate`,
    region: state.region,
    dynamodbTable: state.lockTable,
    encrypt: true,
    ...(profile && { profile }),
  });
  stack.addOverride('terraform.required_version', `>= ${TERRAFORM_MINIMUM}`);
  stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
  return { stack, provider: addProvider(stack, context, region) };
}

/** Lets a stack work in a region; a second one needs a name. */
export function addProvider(
  stack: TerraformStack,
  { settings, stage }: StageContext,
  region: string,
  alias?: string,
): AwsProvider {
  const profile = settings.profiles[stage];
  return new AwsProvider(stack, alias ?? 'aws', {
    region,
    ...(alias !== undefined && { alias }),
    ...(profile && { profile }),
    defaultTags: [{ tags: { app: settings.appName, stage, stack: stack.node.id } }],
  });
}
