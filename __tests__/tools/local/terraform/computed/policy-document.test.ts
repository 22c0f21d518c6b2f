import { describe, expect, it } from 'vitest';
import { policyDocumentJson } from '#local/terraform/computed/policy-document.ts';

const documentOf = (values: Parameters<typeof policyDocumentJson>[0]) => JSON.parse(policyDocumentJson(values));

describe('aws_iam_policy_document', () => {
  it('writes a list of one as the text itself', () => {
    expect(documentOf({ statement: [{ actions: ['s3:GetObject'], resources: ['arn:a', 'arn:b'] }] })).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: ['arn:a', 'arn:b'] }],
    });
  });

  it('gathers principals and conditions', () => {
    const principals = [
      { type: 'Service', identifiers: ['lambda.amazonaws.com'] },
      { type: 'AWS', identifiers: ['111111111111', '222222222222'] },
    ];
    const condition = [
      { test: 'StringEquals', variable: 'aws:SourceAccount', values: ['111111111111'] },
      { test: 'StringEquals', variable: 'aws:PrincipalTag/x', values: ['a', 'b'] },
      { test: 'Bool', variable: 'aws:SecureTransport', values: ['true'] },
    ];
    expect(
      documentOf({ statement: { sid: 'A', effect: 'Deny', not_actions: ['*'], principals, condition } }).Statement,
    ).toEqual([
      {
        Sid: 'A',
        Effect: 'Deny',
        NotAction: '*',
        Principal: { Service: 'lambda.amazonaws.com', AWS: ['111111111111', '222222222222'] },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111111111111', 'aws:PrincipalTag/x': ['a', 'b'] },
          Bool: { 'aws:SecureTransport': 'true' },
        },
      },
    ]);
  });

  it('writes everybody as an asterisk', () => {
    const statement = [{ actions: ['s3:*'], principals: [{ type: '*', identifiers: ['*'] }] }];
    expect(documentOf({ statement }).Statement[0].Principal).toBe('*');
  });

  it('takes statements of other documents, and replaces those that an override names', () => {
    const other = (sid: string, action: string) =>
      policyDocumentJson({ statement: [{ sid, actions: [action], resources: ['*'] }] });
    const { Statement: statements } = documentOf({
      source_policy_documents: [other('A', 'a:One')],
      statement: [{ sid: 'B', actions: ['b:One'], resources: ['*'] }],
      override_policy_documents: [other('A', 'a:Two'), other('C', 'c:One')],
    });
    expect(statements.map((one: { Sid: string; Action: string }) => `${one.Sid} ${one.Action}`)).toEqual([
      'A a:Two',
      'B b:One',
      'C c:One',
    ]);
  });

  it('refuses arguments of another shape with their place', () => {
    expect(() => policyDocumentJson({ statement: [{ effect: 'Maybe' }] })).toThrow(
      /"Allow"\|"Deny".*\n.*at statement\[0\].effect/,
    );
  });
});
