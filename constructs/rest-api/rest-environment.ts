import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment';
import { ApiGatewayDocumentationVersion } from '@cdktf/provider-aws/lib/api-gateway-documentation-version';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { contentHash } from '#constructs/content-hash.ts';
import { restAccessLogFormat } from './access-log-format.ts';
import type { RestApi } from './rest-api.ts';

/** How much a gateway stage takes of one route before it answers 429. */
export interface StageThrottle {
  /** Steady rate, requests a second. */
  readonly rateLimit: number;
  /** Requests that may come at once. */
  readonly burstLimit: number;
}

export interface RestEnvironmentProps {
  readonly api: RestApi;
  /** Name of the stage and of the aliases that it calls: letters, digits and underscores. */
  readonly environment: string;
  readonly logGroupName: string;
  /** The one name that API Gateway writes to. */
  readonly executionLogGroupName: string;
  readonly logRetentionDays: number;
  /** Of the log group: ARN of a key of its region. @default - the service's own key */
  readonly logKeyArn?: string | undefined;
  /** Whether X-Ray is told of requests. */
  readonly isTraced: boolean;
  /** What requests pass first. */
  readonly webAclArn: string;
  /** Of each route, whoever calls it. */
  readonly throttle: StageThrottle;
  /** Aliases and permissions, which must exist before a request can arrive. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * An environment of a REST API: a deployment (a snapshot of the API's content), and the stage that serves it with its access log.
 * The stage is never replaced: a new stage would drop usage plans and mappings.
 */
export class RestEnvironment extends Construct {
  readonly stageName: string;

  constructor(scope: Construct, id: string, props: RestEnvironmentProps) {
    super(scope, id);
    const { api, environment } = props;
    const deployment = new ApiGatewayDeployment(this, 'deployment', {
      restApiId: api.restApiId,
      description: environment,
      triggers: { content: contentHash(api) },
      // The stage points at the old deployment until the new one exists.
      lifecycle: { createBeforeDestroy: true },
      dependsOn: props.dependsOn,
    });
    const accessLog = new CloudwatchLogGroup(this, 'access-log', {
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    const documentation = new ApiGatewayDocumentationVersion(this, 'documentation', {
      restApiId: api.restApiId,
      version: `${environment}-${contentHash(api, 12)}`,
      lifecycle: { createBeforeDestroy: true },
    });
    // API Gateway makes it with the first error that it logs, and would keep it for ever.
    const executionLog = new CloudwatchLogGroup(this, 'execution-log', {
      name: props.executionLogGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: api.restApiId,
      deploymentId: deployment.id,
      stageName: environment,
      documentationVersion: documentation.version,
      variables: { stage: environment },
      accessLogSettings: { destinationArn: accessLog.arn, format: restAccessLogFormat },
      ...(props.isTraced && { xrayTracingEnabled: true }),
      dependsOn: [executionLog],
    });
    new ApiGatewayMethodSettings(this, 'settings', {
      restApiId: api.restApiId,
      stageName: stage.stageName,
      methodPath: '*/*',
      settings: {
        // Metrics of each route, without which health checks' requests could not be told from clients'.
        metricsEnabled: true,
        loggingLevel: 'ERROR',
        // It would log bodies, and keys.
        dataTraceEnabled: false,
        throttlingRateLimit: props.throttle.rateLimit,
        throttlingBurstLimit: props.throttle.burstLimit,
      },
    });
    new Wafv2WebAclAssociation(this, 'web-acl', { resourceArn: stage.arn, webAclArn: props.webAclArn });
    this.stageName = stage.stageName;
  }
}
