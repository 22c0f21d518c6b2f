import { describe, expect, it } from 'vitest';
import { modelOf, ref } from './model-fixture.ts';

const policy = (statement: unknown) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
const allow = (action: string) => ({ Effect: 'Allow', Action: action, Resource: '*' });

describe('a role', () => {
  it('has the statements of its inline and attached policies (B11)', () => {
    const { roles } = modelOf({
      aws_iam_role: { test: { name: 'test', inline_policy: [{ name: 'old', policy: policy([allow('a:Inline')]) }] } },
      aws_iam_role_policy: {
        own: { role: ref('aws_iam_role.test.name'), policy: policy(allow('b:One')) },
        other: { role: 'another', policy: policy(allow('x:No')) },
      },
      aws_iam_policy: { shared: { name: 'shared', policy: policy([allow('c:Attached')]) } },
      aws_iam_role_policy_attachment: {
        shared: { role: ref('aws_iam_role.test.name'), policy_arn: ref('aws_iam_policy.shared.arn') },
        logs: { role: 'test', policy_arn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' },
      },
    }).regions.primary;
    expect(roles).toHaveLength(1);
    expect(roles[0]?.arn).toBe('arn:aws:iam::000000000000:role/test');
    expect(roles[0]?.statements.map(({ actions }) => actions[0])).toEqual([
      'a:Inline',
      'b:One',
      'c:Attached',
      'logs:CreateLogGroup',
    ]);
  });

  it('keeps exceptions and conditions of a statement', () => {
    const statement = {
      Effect: 'Deny',
      NotAction: ['s3:*'],
      NotResource: 'arn:a',
      Condition: { Bool: { 'aws:SecureTransport': false }, StringLike: { 's3:prefix': ['a', 'b'] } },
    };
    const { roles } = modelOf({
      aws_iam_role: { test: { name: 'test' } },
      aws_iam_role_policy: { own: { role: 'test', policy: policy([statement]) } },
    }).regions.primary;
    expect(roles[0]?.statements).toEqual([
      {
        effect: 'Deny',
        actions: [],
        notActions: ['s3:*'],
        resources: [],
        notResources: ['arn:a'],
        conditions: { Bool: { 'aws:SecureTransport': ['false'] }, StringLike: { 's3:prefix': ['a', 'b'] } },
      },
    ]);
  });

  it('with a managed policy that is not known has no statements of it, and the attachment is listed', () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const { regions, unserved } = modelOf({
      aws_iam_role: { test: { name: 'test' } },
      aws_iam_role_policy_attachment: { admin: { role: 'test', policy_arn: arn } },
    });
    expect(regions.primary.roles[0]?.statements).toEqual([]);
    expect(unserved).toEqual([
      { type: 'aws_iam_role_policy_attachment', addresses: ['dev-api: aws_iam_role_policy_attachment.admin'] },
    ]);
  });

  it.each([
    ['{', 'policy: is no JSON'],
    [policy([{ Effect: 'Maybe', Action: 'a:b', Resource: '*' }]), 'policy: is no policy document'],
  ])('whose policy is %s is an error with the address', (text, message) => {
    const resources = { aws_iam_role_policy: { own: { name: 'own', role: 'test', policy: text } } };
    expect(() => modelOf(resources)).toThrow(`dev-api: aws_iam_role_policy.own: ${message}`);
  });
});
