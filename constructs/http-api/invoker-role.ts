import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface InvokerRoleProps {
  readonly roleName: string;
  /** Account ids and ARNs of who may assume the role, separated by commas. */
  readonly principals: string;
  /** `execute-api` ARNs of the routes that may be invoked. */
  readonly routeArns: readonly string[];
}

/** A role that may invoke just the routes that ask for IAM authorization. */
export class InvokerRole extends Construct {
  readonly roleName: string;

  constructor(scope: Construct, id: string, props: InvokerRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      description: 'May invoke the routes that ask for IAM authorization',
      assumeRolePolicy: new DataAwsIamPolicyDocument(this, 'assume-role', {
        statement: [
          {
            actions: ['sts:AssumeRole'],
            principals: [{ type: 'AWS', identifiers: Fn.split(',', props.principals) }],
          },
        ],
      }).json,
    });
    this.roleName = role.name;
    new IamRolePolicy(this, 'policy', {
      name: 'invoke',
      role: role.name,
      policy: new DataAwsIamPolicyDocument(this, 'permissions', {
        statement: [{ actions: ['execute-api:Invoke'], resources: [...props.routeArns] }],
      }).json,
    });
  }
}
