import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { assumedByService } from './assume-role.ts';

/**
 * The role with which API Gateway writes to CloudWatch Logs. It is a setting of the whole account in one region, so exactly one stack may
 * own it.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs".
 */
export class GatewayLoggingRole extends Construct {
  constructor(scope: Construct, id: string, props: { readonly roleName: string }) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      description: 'Lets API Gateway write logs of every API in this account and region',
      assumeRolePolicy: assumedByService(this, 'apigateway.amazonaws.com'),
    });
    const attachment = new IamRolePolicyAttachment(this, 'push-to-cloudwatch-logs', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    });
    new ApiGatewayAccount(this, 'account', { cloudwatchRoleArn: role.arn, dependsOn: [attachment] });
  }
}
