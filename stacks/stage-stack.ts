import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { StageContext } from './context.ts';
import { lockTableName, stateBucketName } from './naming.ts';

/**
 * Provider versions that the stacks are checked with. The bindings pin one exact version; a range lets users take the provider's
 * updates without waiting for new bindings.
 */
const AWS_PROVIDER_VERSIONS = '>= 5.100.0, < 7.0.0';

/**
 * An empty stack with the stage's remote state, provider and default tags. Its id is `<stage>-<name>`, its state `<stage>/<id>.tfstate`
 * in the stage's bucket, locked in the stage's table.
 *
 * @param region - where the provider works; the state stays in the primary region
 */
export function createStack(scope: Construct, context: StageContext, name: string, region: string): TerraformStack {
  const { settings, stage } = context;
  const id = `${stage}-${name}`;
  const profile = settings.profiles[stage];
  const stack = new TerraformStack(scope, id);
  new S3Backend(stack, {
    bucket: stateBucketName(context),
    key: `${stage}/${id}.tfstate`,
    region: settings.primaryRegion,
    dynamodbTable: lockTableName(context),
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
