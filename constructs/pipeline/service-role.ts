import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { assumedByService } from '#constructs/assume-role.ts';

/** Of an identity policy, as IAM takes it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface ServiceRoleProps {
  readonly roleName: string;
  /** `codebuild.amazonaws.com` */
  readonly service: string;
  /** The one thing of the service that may take the role on; by its ARN. */
  readonly sourceArn: string;
  readonly accountId: string;
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
  /** What it needs beside, which may be more than a role's own policy holds. @default - nothing */
  readonly policy?: readonly Statement[];
}

/** Characters, without blanks. Source: AWS IAM User Guide, "IAM and AWS STS quotas": a managed policy has 6,144. */
const MOST_CHARACTERS = 5500;

/** A role that one service takes on, for one thing of one account. */
export class ServiceRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      assumeRolePolicy: assumedByService(this, props.service, { accountId: props.accountId, arn: props.sourceArn }),
    });
    new IamRolePolicy(this, 'policy', {
      name: 'own',
      role: role.name,
      policy: new DataAwsIamPolicyDocument(this, 'permissions', { statement: [...props.statements] }).json,
    });
    for (const [at, statements] of inPolicies(props.policy ?? []).entries()) {
      const policy = new IamPolicy(this, `policy-${at + 1}`, {
        name: `${props.roleName}-${at + 1}`,
        policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      });
      new IamRolePolicyAttachment(this, `policy-${at + 1}-attachment`, { role: role.name, policyArn: policy.arn });
    }
    this.arn = role.arn;
  }
}

/** Statements in as few policies as hold them. */
function inPolicies(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const policies: Statement[][] = [];
  let characters = MOST_CHARACTERS;
  for (const statement of statements) {
    const { length } = JSON.stringify(statement);
    if (characters + length > MOST_CHARACTERS) {
      policies.push([]);
      characters = 0;
    }
    policies.at(-1)?.push(statement);
    characters += length;
  }
  return policies;
}
