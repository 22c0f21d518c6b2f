import { createHash } from 'node:crypto';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import type { FunctionAccess } from './function-access.ts';
import { FunctionPackage } from './function-package.ts';
import { FunctionRole } from './function-role.ts';
import type { FunctionKeys } from './scheduled-function.ts';

export interface ApiFunctionProps extends FunctionKeys {
  readonly functionName: string;
  /** @param hash - of function and permissions; the name holds it */
  readonly roleName: (hash: string) => string;
  readonly description: string;
  readonly bundle: FunctionBundle;
  /** Versioned bucket of this region that keeps the packages. */
  readonly packageBucketName: string;
  readonly access: FunctionAccess;
  readonly logRetentionDays: number;
  /** Whether X-Ray is told of its invocations, where whoever calls has not decided. */
  readonly isTraced: boolean;
  readonly memoryMb: number;
  /** Executions that Lambda keeps for it, and gives it at most. @default - what the account has left */
  readonly reservedConcurrency?: number;
  /** At most 29, API Gateway's own limit. */
  readonly timeoutSeconds: number;
}

export interface FunctionAliasProps {
  /** Environment that the alias serves; its name and the stage's. */
  readonly environment: string;
  /** A published version, or `$LATEST`. */
  readonly version: string;
  /** @default - none */
  readonly description?: string;
  readonly invokedFrom: readonly AliasInvoker[];
}

/** A route that may invoke an alias. */
export interface AliasInvoker {
  /** Unique among the alias's invokers: the operation's id. */
  readonly id: string;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`. */
  readonly sourceArn: string;
}

/** A published version with its role and the package that it was made from, which stay with it. */
export interface PublishedVersion {
  readonly version: string;
  readonly role: { readonly hash: string; readonly name: string; readonly policy: string };
  readonly package: {
    readonly bucket: string;
    readonly key: string;
    readonly version: string;
    readonly sha256: string;
  };
}

/** What every function writes its own log with. */
const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** What X-Ray is told with; it has no resources. Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS X-Ray". */
const TRACE_ACTIONS = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

const HASH_DIGITS = 8;

/** How the ARN ends that an API integrates a function by; the alias stands before it. */
const INVOCATIONS = '/invocations';

/**
 * A Lambda function behind the API, declared in one place: package, log group, role, published versions, its integration and its aliases.
 */
export class ApiFunction extends Construct {
  readonly functionName: string;
  readonly newest: PublishedVersion;
  /**
   * What an API's integration calls: the alias that the stage variable `stage` names.
   *
   * Source: Amazon API Gateway Developer Guide, "Using API Gateway stage variables".
   */
  readonly integrationUri: string;

  constructor(scope: Construct, id: string, props: ApiFunctionProps) {
    super(scope, id);
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${props.functionName}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    const traced = props.isTraced ? [{ actions: TRACE_ACTIONS, resources: ['*'] }] : [];
    const permissions = JSON.stringify([
      ...[props.functionName, LOG_ACTIONS, props.access.permissions],
      // Without it the hash, and so the role, is what it was before there was tracing.
      ...traced.map(({ actions }) => actions),
    ]);
    const hash = createHash('sha256').update(permissions).digest('hex').slice(0, HASH_DIGITS);
    const roleName = props.roleName(hash);
    const document = new DataAwsIamPolicyDocument(this, 'permissions', {
      statement: [{ actions: LOG_ACTIONS, resources: [`${logGroup.arn}:*`] }, ...traced, ...props.access.statements],
    });
    const role = new FunctionRole(this, { hash, roleName, policy: document.json });
    const code = new FunctionPackage(this, 'package', { bundle: props.bundle, bucketName: props.packageBucketName });
    const lambda = new LambdaFunction(this, 'function', {
      functionName: props.functionName,
      description: props.description,
      role: role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      s3Bucket: code.bucketName,
      s3Key: code.key,
      s3ObjectVersion: code.objectVersion,
      sourceCodeHash: code.sourceCodeHash,
      publish: true,
      memorySize: props.memoryMb,
      timeout: props.timeoutSeconds,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      // Left out, it would stay what it was: the provider reads it then.
      tracingConfig: { mode: props.isTraced ? 'Active' : 'PassThrough' },
      environment: { variables: { ...props.access.environment } },
      kmsKeyArn: props.variablesKeyArn,
      dependsOn: [role.policy],
    });
    this.functionName = lambda.functionName;
    this.newest = {
      version: lambda.version,
      role: { hash, name: roleName, policy: document.minifiedJson },
      package: { bucket: code.bucketName, key: code.key, version: code.objectVersion, sha256: code.sourceCodeHash },
    };
    this.integrationUri = `${Fn.trimsuffix(lambda.invokeArn, INVOCATIONS)}:$\${stageVariables.stage}${INVOCATIONS}`;
  }

  /**
   * Declares the alias of one environment, with the permission for each route that may invoke it.
   *
   * @param scope - the environment's own stack, so that one environment's deployment can't touch another's
   * @param id - unique in the scope
   * @returns the alias and its permissions: what must be there before a route is served that needs them
   */
  addAlias(scope: Construct, id: string, props: FunctionAliasProps): readonly ITerraformDependable[] {
    const alias = new LambdaAlias(scope, id, {
      name: props.environment,
      description: props.description,
      functionName: this.functionName,
      functionVersion: props.version,
      // A canary's, which `two-region switch` gives and takes. An apply that left them out would not take them from the alias
      // (hashicorp/terraform-provider-aws#48116), and have them in every plan.
      lifecycle: { ignoreChanges: ['routing_config'] },
    });
    const permissions = props.invokedFrom.map(
      (invoker) =>
        new LambdaPermission(scope, `${id}-invoked-by-${invoker.id}`, {
          statementId: `${props.environment}-${invoker.id}`,
          action: 'lambda:InvokeFunction',
          functionName: this.functionName,
          qualifier: alias.name,
          principal: 'apigateway.amazonaws.com',
          sourceArn: invoker.sourceArn,
        }),
    );
    return [alias, ...permissions];
  }
}
