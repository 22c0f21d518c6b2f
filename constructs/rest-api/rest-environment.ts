import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment';
import { ApiGatewayDocumentationVersion } from '@cdktf/provider-aws/lib/api-gateway-documentation-version';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { contentHash } from '#constructs/content-hash.ts';
import { restAccessLogFormat } from './access-log-format.ts';
import type { RestApi } from './rest-api.ts';

export interface RestEnvironmentProps {
  readonly api: RestApi;
  /** Name of the stage and of the aliases that it calls: letters, digits and underscores. */
  readonly environment: string;
  readonly logGroupName: string;
  readonly logRetentionDays: number;
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
    });
    const documentation = new ApiGatewayDocumentationVersion(this, 'documentation', {
      restApiId: api.restApiId,
      version: `${environment}-${contentHash(api, 12)}`,
      lifecycle: { createBeforeDestroy: true },
    });
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: api.restApiId,
      deploymentId: deployment.id,
      stageName: environment,
      documentationVersion: documentation.version,
      variables: { stage: environment },
      accessLogSettings: { destinationArn: accessLog.arn, format: restAccessLogFormat },
    });
    this.stageName = stage.stageName;
  }
}
