import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { Construct } from 'constructs';
import type { PublishedVersion } from '#constructs/api-function.ts';
import { FunctionRole } from '#constructs/function-role.ts';

export interface KeptFunctionProps {
  readonly functionName: string;
  /** What environments run of it. */
  readonly versions: readonly [PublishedVersion, ...PublishedVersion[]];
  readonly logRetentionDays: number;
  /** Of the log group: ARN of a key of its region. @default - the service's own key */
  readonly logKeyArn?: string | undefined;
}

/**
 * A function that the contract no longer names and an environment still runs, with its log group and package: declared where `ApiFunction`
 * declared it, so that Terraform leaves it alone. Nothing of it is changed; published versions go with the function alone.
 *
 * Source: AWS Lambda API Reference, DeleteFunction.
 */
export class KeptFunction extends Construct {
  constructor(scope: Construct, id: string, props: KeptFunctionProps) {
    super(scope, id);
    const [newest] = props.versions;
    new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${props.functionName}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    const asItIs = { lifecycle: { ignoreChanges: 'all' as const } };
    new S3Object(new Construct(this, 'package'), 'object', {
      bucket: newest.package.bucket,
      key: newest.package.key,
      ...asItIs,
    });
    const [role] = keepRoles(this, props.versions);
    new LambdaFunction(this, 'function', {
      functionName: props.functionName,
      role: role?.arn ?? '',
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      s3Bucket: newest.package.bucket,
      s3Key: newest.package.key,
      s3ObjectVersion: newest.package.version,
      ...asItIs,
    });
  }
}

/**
 * Roles that published versions run with and that their function no longer takes.
 *
 * @param scope - the function, declared or kept
 * @param versions - one role is made per hash
 */
export function keepRoles(
  scope: Construct,
  versions: readonly Pick<PublishedVersion, 'role'>[],
): readonly FunctionRole[] {
  const byHash = new Map(versions.map(({ role }) => [role.hash, role]));
  return [...byHash.values()].map(
    ({ hash, name, policy }) => new FunctionRole(scope, { hash, roleName: name, policy }),
  );
}
