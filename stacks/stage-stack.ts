import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { StageContext } from './context.ts';
import { liveStateLocation, stateKeyPrefix } from './state-location.ts';

/**
 * Provider versions that the stacks are checked with. The bindings pin one exact version; a range lets users take the provider's
 * updates without waiting for new bindings.
 */
export const AWS_PROVIDER_VERSIONS = '>= 5.100.0, < 7.0.0';

/**
 * An empty stack with the stage's remote state, provider and default tags. Its id is `<stage>-<name>`, its state `<stage>/<id>.tfstate`
 * in the stage's bucket, locked in the stage's table. What reads its outputs from another stack reads them there, too.
 *
 * @param region - where the provider works; the state stays in one region, the primary unless settings say otherwise
 */
export function createStack(scope: Construct, context: StageContext, name: string, region: string): TerraformStack {
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
  new AwsProvider(stack, 'aws', {
    region,
    ...(profile && { profile }),
    defaultTags: [{ tags: { app: settings.appName, stage, stack: id } }],
  });
  stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
  return stack;
}
