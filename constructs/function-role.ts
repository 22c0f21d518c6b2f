import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { assumedByService } from './assume-role.ts';

export interface FunctionRoleProps {
  /** Tells sets of permissions apart; equal in both regions. */
  readonly hash: string;
  readonly roleName: string;
  /** Policy document, JSON. */
  readonly policy: string;
}

/**
 * Role of a function for one set of permissions. A published version keeps the role that it was made with, and a role's policy counts at once
 * for every version that has it: so another set of permissions is another role, and each version keeps exactly its own.
 *
 * Source: AWS Lambda Developer Guide, "Manage Lambda function versions".
 */
export class FunctionRole extends Construct {
  readonly arn: string;
  /** What the role may do. */
  readonly policy: IamRolePolicy;

  /** @param scope - the function, whether it is declared or kept: the role's place in it is the same */
  constructor(scope: Construct, { hash, roleName, policy }: FunctionRoleProps) {
    super(scope, `role-${hash}`);
    const role = new IamRole(this, 'role', {
      name: roleName,
      assumeRolePolicy: assumedByService(this, 'lambda.amazonaws.com'),
    });
    this.policy = new IamRolePolicy(this, 'policy', { name: 'function', role: role.name, policy });
    this.arn = role.arn;
  }
}
