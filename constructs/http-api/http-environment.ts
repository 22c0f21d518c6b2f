import { Apigatewayv2Deployment } from '@cdktf/provider-aws/lib/apigatewayv2-deployment';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { contentHash } from '#constructs/content-hash.ts';
import type { StageThrottle } from '#constructs/rest-api/rest-environment.ts';
import { httpAccessLogFormat } from './access-log-format.ts';
import type { HttpApi, TokenProps } from './http-api.ts';

export interface HttpEnvironmentProps {
  readonly api: HttpApi;
  /** Name of the stage and of the aliases that it calls: letters, digits and underscores. */
  readonly environment: string;
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  /** Of the log group: ARN of a key of its region. @default - the service's own key */
  readonly logKeyArn?: string | undefined;
  /** Of each route, whoever calls it. */
  readonly throttle: StageThrottle;
  /** Whose tokens its routes take, as the stack itself reads them. @default - none wants a token */
  readonly tokens?: TokenProps | undefined;
  /** Aliases and permissions, which must exist before a request can arrive. */
  readonly dependsOn: ITerraformDependable[];
}

/** An environment of an HTTP API: an explicit deployment and the stage that serves it with its access log. */
export class HttpEnvironment extends Construct {
  readonly stageName: string;

  constructor(scope: Construct, id: string, props: HttpEnvironmentProps) {
    super(scope, id);
    const { api, environment } = props;
    const deployment = new Apigatewayv2Deployment(this, 'deployment', {
      apiId: api.apiId,
      description: environment,
      // The authorizer's values are known only to Terraform.
      triggers: { content: contentHash(api), ...props.tokens },
      lifecycle: { createBeforeDestroy: true },
      dependsOn: props.dependsOn,
    });
    const accessLog = new CloudwatchLogGroup(this, 'access-log', {
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    const stage = new Apigatewayv2Stage(this, 'stage', {
      apiId: api.apiId,
      name: environment,
      deploymentId: deployment.id,
      autoDeploy: false,
      stageVariables: { stage: environment },
      accessLogSettings: { destinationArn: accessLog.arn, format: httpAccessLogFormat },
      defaultRouteSettings: {
        detailedMetricsEnabled: true,
        throttlingRateLimit: props.throttle.rateLimit,
        throttlingBurstLimit: props.throttle.burstLimit,
      },
    });
    this.stageName = stage.name;
  }
}
